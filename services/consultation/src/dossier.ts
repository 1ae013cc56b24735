import type { AttachmentStore } from './attachment/attachment-store.ts';
import { createCreateAttachment } from './attachment/create-attachment.ts';
import { attachmentIntrouvable } from './attachment/refus.ts';
import { createUpdateAttachment } from './attachment/update-attachment.ts';
import type { Journal } from './acces/journal.ts';
import type { NoterLecture, OpenFiche } from './fiche/open-fiche.ts';
import type { Annuaire, Horloge } from './fiche/ports.ts';
import { ecrireOrientation, regles } from './fiche/regles.ts';
import type { DeposerFichier } from './fichier/deposer-fichier.ts';
import type { LireFichier } from './fichier/lire-fichier.ts';
import { createListHistorique, type Historique } from './historique/list-historique.ts';
import { createCreateLabResult } from './lab/create-lab-result.ts';
import type { LabStore } from './lab/lab-store.ts';
import { resultatIntrouvable } from './lab/refus.ts';
import { createLectureLabResult } from './lab/triage-lab-result.ts';
import { createUpdateLabResult } from './lab/update-lab-result.ts';
import { createUploadLabResult } from './lab/upload-lab-result.ts';
import { createCreateFicheMessage } from './message/create-message.ts';
import { createListFicheMessages } from './message/list-messages.ts';
import type { MessageStore } from './message/ports.ts';
import { createDeletePiece } from './piece/delete-piece.ts';
import { createDownloadPiece } from './piece/download-piece.ts';
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
export type DossierParts = { historique: Historique; messages: MessageStore; references: ReferenceStore; results: LabStore; attachments: AttachmentStore };

type Needs = DossierParts & { openFiche: OpenFiche; noterLecture: NoterLecture; deposerFichier: DeposerFichier; lireFichier: LireFichier; journal: Pick<Journal, 'rejouer' | 'noterPage'>; annuaire: Pick<Annuaire, 'nommer' | 'etablissement'>; clock: Horloge };

/** The use cases about what lies beside a fiche, whatever their parts are made of. */
export function createDossierUseCases({ historique, messages, references, results, attachments, openFiche, noterLecture, deposerFichier, lireFichier, journal, annuaire, clock }: Needs) {
  const writePiece = createWritePiece({ journal, noterLecture });
  const openReference = createOpenPiece({ openFiche, find: references.find, introuvable: referenceIntrouvable });
  const openResultat = createOpenPiece({ openFiche, find: results.find, introuvable: resultatIntrouvable });
  const openAttachment = createOpenPiece({ openFiche, find: attachments.find, introuvable: attachmentIntrouvable });
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
    downloadLabResult: createDownloadPiece({ openPiece: openResultat, noterLecture, lireFichier, action: 'telecharger_resultat' }),
    deleteLabResult: createDeletePiece({ openPiece: openResultat, writePiece, store: results, introuvable: resultatIntrouvable, action: 'supprimer_resultat' }),
    listAttachments: createListPieces({ openFiche, noterLecture, journal, list: attachments.list, action: 'lister_attachments' }),
    getAttachment: createGetPiece({ openPiece: openAttachment, noterLecture, action: 'lire_attachment' }),
    createAttachment: createCreateAttachment({ openFiche, writePiece, attachments, deposerFichier }),
    updateAttachment: createUpdateAttachment({ openPiece: openAttachment, writePiece, attachments }),
    deleteAttachment: createDeletePiece({ openPiece: openAttachment, writePiece, store: attachments, introuvable: attachmentIntrouvable, action: 'supprimer_attachment' }),
    downloadAttachment: createDownloadPiece({ openPiece: openAttachment, noterLecture, lireFichier, action: 'telecharger_attachment' }),
  };
}
