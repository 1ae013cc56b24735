import type { Journal } from './acces/journal.ts';
import type { NoterLecture, OpenFiche } from './fiche/open-fiche.ts';
import type { Annuaire, Horloge } from './fiche/ports.ts';
import { ecrireOrientation, regles } from './fiche/regles.ts';
import type { DeposerFichier } from './fichier/deposer-fichier.ts';
import type { LireFichier } from './fichier/lire-fichier.ts';
import { createListHistorique, type Historique } from './historique/list-historique.ts';
import { createCreateLabResult } from './lab/create-lab-result.ts';
import { createDownloadLabResult } from './lab/download-lab-result.ts';
import type { LabStore } from './lab/lab-store.ts';
import { resultatIntrouvable } from './lab/refus.ts';
import { createLectureLabResult } from './lab/triage-lab-result.ts';
import { createUpdateLabResult } from './lab/update-lab-result.ts';
import { createUploadLabResult } from './lab/upload-lab-result.ts';
import { createCreateFicheMessage } from './message/create-message.ts';
import { createListFicheMessages } from './message/list-messages.ts';
import type { MessageStore } from './message/ports.ts';
import { createDeletePiece } from './piece/delete-piece.ts';
import { createGetPiece } from './piece/get-piece.ts';
import { createListPieces } from './piece/list-pieces.ts';
import { createOpenPiece } from './piece/open-piece.ts';
import { createWritePiece } from './piece/write-piece.ts';
import { createCreateReference } from './reference/create-reference.ts';
import { createListFicheReferences } from './reference/list-fiche-references.ts';
import type { ReferenceStore } from './reference/reference-store.ts';
import { referenceIntrouvable } from './reference/refus.ts';
import { createUpdateReference } from './reference/update-reference.ts';

/** What the dossier around a fiche is kept in. */
export type DossierParts = { historique: Historique; messages: MessageStore; references: ReferenceStore; results: LabStore };

type Needs = DossierParts & { openFiche: OpenFiche; noterLecture: NoterLecture; deposerFichier: DeposerFichier; lireFichier: LireFichier; journal: Pick<Journal, 'rejouer' | 'noterPage'>; annuaire: Pick<Annuaire, 'nommer' | 'etablissement'>; clock: Horloge };

/** The use cases about what lies beside a fiche, whatever their parts are made of. */
export function createDossierUseCases({ historique, messages, references, results, openFiche, noterLecture, deposerFichier, lireFichier, journal, annuaire, clock }: Needs) {
  const writePiece = createWritePiece({ journal, noterLecture });
  const openReference = createOpenPiece({ openFiche, find: references.find, introuvable: referenceIntrouvable });
  const openResultat = createOpenPiece({ openFiche, find: results.find, introuvable: resultatIntrouvable });
  const lectureLabResult = createLectureLabResult({ annuaire, trier: regles.trier, clock });
  return {
    listHistorique: createListHistorique({ openFiche, noterLecture, historique, annuaire }),
    listFicheMessages: createListFicheMessages({ openFiche, noterLecture, messages, annuaire }),
    createFicheMessage: createCreateFicheMessage({ openFiche, writePiece, messages, annuaire, trier: regles.trier, orientation: ecrireOrientation, clock }),
    listFicheReferences: createListFicheReferences({ openFiche, noterLecture, references }),
    listReferences: createListPieces({ openFiche, noterLecture, journal, list: references.list, action: 'lister_references' }),
    getReference: createGetPiece({ openPiece: openReference, noterLecture, action: 'lire_reference' }),
    createReference: createCreateReference({ openFiche, writePiece, references, annuaire, clock }),
    updateReference: createUpdateReference({ openPiece: openReference, writePiece, references, annuaire, clock }),
    deleteReference: createDeletePiece({ openPiece: openReference, writePiece, store: references, introuvable: referenceIntrouvable, action: 'supprimer_reference' }),
    listLabResults: createListPieces({ openFiche, noterLecture, journal, list: results.list, action: 'lister_resultats' }),
    getLabResult: createGetPiece({ openPiece: openResultat, noterLecture, action: 'lire_resultat' }),
    createLabResult: createCreateLabResult({ openFiche, writePiece, results, lectureLabResult }),
    updateLabResult: createUpdateLabResult({ openPiece: openResultat, writePiece, results, lectureLabResult }),
    uploadLabResult: createUploadLabResult({ deposerFichier }),
    downloadLabResult: createDownloadLabResult({ openPiece: openResultat, noterLecture, lireFichier }),
    deleteLabResult: createDeletePiece({ openPiece: openResultat, writePiece, store: results, introuvable: resultatIntrouvable, action: 'supprimer_resultat' }),
  };
}
