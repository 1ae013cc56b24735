import type { NoterLecture, Lecture, OpenFiche, Vues } from '../fiche/open-fiche.ts';
import type { Annuaire, Horloge } from '../fiche/ports.ts';
import { composerDocument } from './composer-document.ts';
import { contenuDe, type Contenu, type Empreinte } from './contenu.ts';
import type { Dessiner, LirePieces, LireSignature } from './ports.ts';
import type { Jetons, VerificationStore } from './verification/verification.ts';

export interface ExportPdf extends Lecture {
  /** Aborted when the reader has gone. */
  readonly signal?: AbortSignal | undefined;
}

/** A file to hand over. */
export interface Fichier {
  readonly nom: string;
  readonly octets: Uint8Array;
}

type Needs = {
  openFiche: OpenFiche;
  noterLecture: NoterLecture;
  vues: Vues;
  annuaire: Pick<Annuaire, 'etablissement' | 'nommer'>;
  lirePieces: LirePieces;
  lireSignature: LireSignature;
  verifications: Pick<VerificationStore, 'obtenir'>;
  jetons: Jetons;
  empreinte: Empreinte;
  dessiner: Dessiner;
  /** Absolute address at which a code is verified. */
  adresse: (jeton: string) => string;
  clock: Horloge;
};

/**
 * A fiche as its reader may see it, as a PDF that carries the code by which it is verified. That it was read is noted
 * once it is drawn, before it is handed over.
 * @throws AppError forbidden, not_found; unavailable `document.occupe`, `document.delai_depasse`
 */
export function createExportPdf({ openFiche, noterLecture, vues, annuaire, lirePieces, lireSignature, verifications, jetons, empreinte, dessiner, adresse, clock }: Needs) {
  /** The first and last name; without them how the médecin logs in, and null while nobody can tell. */
  async function nomDe({ medecin }: Contenu): Promise<string | null> {
    if (medecin === null) return null;
    const nom = (await annuaire.nommer([medecin])).get(medecin);
    return nom?.nom || nom?.username || null;
  }

  return async (demande: ExportPdf): Promise<Fichier> => {
    const ouverture = await openFiche('exporter_pdf', demande);
    const { fiche } = ouverture;
    const vue = await vues.une(demande.acteur, fiche);
    const contenu = contenuDe(vue, await lirePieces(fiche.id));
    const [etablissement, medecin, signature, { sel, emisLe }] = await Promise.all([
      annuaire.etablissement(fiche.etablissement_id),
      nomDe(contenu),
      contenu.signature === null ? null : lireSignature(contenu.signature),
      verifications.obtenir({ ficheId: fiche.id, etablissementId: fiche.etablissement_id, vue: contenu.vue, ...jetons.tirer(), empreinte: empreinte(contenu), emisLe: clock() }),
    ]);
    const { nom, telephoneUrgence, fuseau } = etablissement;
    const document = composerDocument(contenu, { etablissement: nom, telephoneUrgence, fuseau, medecin, signature, orientation: vue.orientation, verification: adresse(jetons.deriver(sel)), emisLe });
    const octets = await dessiner(document, demande.signal);
    await noterLecture(ouverture);
    return { nom: `fiche_${fiche.numero_dossier}.pdf`, octets };
  };
}
