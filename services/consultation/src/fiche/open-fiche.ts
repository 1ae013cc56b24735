import type { Acteur } from '@mediai/kit/acteur';
import { estSienne, exiger, may, MOTIF_VALABLE_MS, refus, type Action } from '../acces/acces.ts';
import { MOTIF, type Acte, type Journal } from '../acces/journal.ts';
import type { Fiche } from './fiche.ts';
import type { Annuaire, FicheStore, Horloge } from './ports.ts';
import { vuePour, type EcrireOrientation, type VueFiche } from './vue.ts';

export interface Lecture {
  readonly acteur: Acteur;
  readonly id: number;
  /** Why a médecin reads a colleague's fiche. */
  readonly motif?: string | undefined;
}

/** A fiche that the actor may act on, and the act as it is to be noted, with the reason that covers it. */
export interface Ouverture {
  readonly fiche: Fiche;
  readonly acte: Acte;
}

type Needs = { fiches: Pick<FicheStore, 'find'>; journal: Pick<Journal, 'noter' | 'noterRefus' | 'motifDonne'>; clock: Horloge };

/**
 * Finds a fiche for an act of someone who may do it. A reason for a colleague's fiche is kept and covers 8 h; a refusal
 * is noted where there is a fiche, unless `discret`: what is asked is not an opening.
 *
 * The act itself is noted by who does it: with what it writes, or by `noterLecture` before the answer.
 * @throws AppError forbidden by role, `compte.en_attente` or `acces.motif_requis`; not_found for what is not theirs to see
 */
export function createOpenFiche({ fiches, journal, clock }: Needs) {
  return async (action: Action, { acteur, id, motif }: Lecture, { discret = false }: { discret?: boolean } = {}): Promise<Ouverture> => {
    exiger(acteur, action);
    const fiche = await fiches.find(id);
    const acte: Acte = { acteur, action: `fiche.${action}` };
    const verdict = may(acteur, action, fiche ?? null);
    if (fiche && verdict === 'oui') return { fiche, acte };
    if (fiche && verdict === 'motif_requis') {
      if (motif) await journal.noter(fiche, { acteur, action: MOTIF, raison: motif });
      const raison = motif ?? (await journal.motifDonne(id, acteur.id, new Date(clock().getTime() - MOTIF_VALABLE_MS)));
      if (raison) return { fiche, acte: { ...acte, raison } };
    }
    if (!discret) await journal.noterRefus(fiche, acte);
    throw refus(verdict === 'oui' ? 'introuvable' : verdict);
  };
}

export type OpenFiche = ReturnType<typeof createOpenFiche>;

/** Notes that a fiche is read, before it is: an answer that could not be noted is not given. Patients read theirs unnoted. */
export function createNoterLecture({ journal }: { journal: Pick<Journal, 'noter'> }) {
  return async ({ fiche, acte }: Ouverture): Promise<void> => {
    if (acte.acteur && estSienne(acte.acteur, fiche)) return;
    await journal.noter(fiche, acte);
  };
}

export type NoterLecture = ReturnType<typeof createNoterLecture>;

/** The address under which a signature can be seen for some minutes. */
export type AdresseSignature = (fichierId: string) => string;

/** Makes views of fiches for an actor, with the emergency number of each fiche's établissement. */
export function createVues({ annuaire, orientation, adresseSignature }: { annuaire: Pick<Annuaire, 'etablissement'>; orientation: EcrireOrientation; adresseSignature: AdresseSignature }) {
  /** A function that makes views without waiting: for use inside a transaction. */
  async function pour(acteur: Acteur, etablissementId: number): Promise<(fiche: Fiche) => VueFiche> {
    const { telephoneUrgence } = await annuaire.etablissement(etablissementId);
    return (fiche) => {
      const vue = vuePour(acteur, fiche, orientation(fiche, telephoneUrgence));
      return { ...vue, signature: vue.fiche.signature_medecin && adresseSignature(vue.fiche.signature_medecin) };
    };
  }
  return { pour, une: async (acteur: Acteur, fiche: Fiche): Promise<VueFiche> => (await pour(acteur, fiche.etablissement_id))(fiche) };
}

export type Vues = ReturnType<typeof createVues>;
