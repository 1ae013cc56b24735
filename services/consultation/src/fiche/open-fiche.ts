import type { Acteur } from '@mediai/kit/acteur';
import { exigerRole, ficheIntrouvable, may, MOTIF_VALABLE_MS, refus, type Action } from './acces.ts';
import type { Fiche } from './fiche.ts';
import type { Annuaire, FicheStore, Horloge } from './ports.ts';
import { vuePour, type EcrireOrientation, type VueFiche } from './vue.ts';

export interface Lecture {
  readonly acteur: Acteur;
  readonly id: number;
  /** Why a médecin reads a colleague's fiche. */
  readonly motif?: string | undefined;
}

type Needs = { fiches: Pick<FicheStore, 'find' | 'noterMotif' | 'motifDonne'>; clock: Horloge };

/**
 * Finds a fiche for an act of someone who may do it. A reason for a colleague's fiche is audited and covers 8 h.
 * @throws AppError forbidden by role, `compte.en_attente` or `acces.motif_requis`; not_found for what is not theirs to see
 */
export function createOpenFiche({ fiches, clock }: Needs) {
  return async (action: Action, { acteur, id, motif }: Lecture): Promise<Fiche> => {
    exigerRole(acteur, action);
    const fiche = await fiches.find(id);
    if (!fiche) throw ficheIntrouvable();
    const verdict = may(acteur, action, fiche);
    if (verdict === 'oui') return fiche;
    if (verdict !== 'motif_requis') throw refus(verdict);
    if (motif) await fiches.noterMotif(fiche, acteur, motif);
    else if (!(await fiches.motifDonne(fiche.id, acteur.id, new Date(clock().getTime() - MOTIF_VALABLE_MS)))) throw refus(verdict);
    return fiche;
  };
}

export type OpenFiche = ReturnType<typeof createOpenFiche>;

/** Makes views of fiches for an actor, with the emergency number of each fiche's établissement. */
export function createVues({ annuaire, orientation }: { annuaire: Pick<Annuaire, 'etablissement'>; orientation: EcrireOrientation }) {
  /** A function that makes views without waiting: for use inside a transaction. */
  async function pour(acteur: Acteur, etablissementId: number): Promise<(fiche: Fiche) => VueFiche> {
    const { telephoneUrgence } = await annuaire.etablissement(etablissementId);
    return (fiche) => vuePour(acteur, fiche, orientation(fiche, telephoneUrgence));
  }
  return { pour, une: async (acteur: Acteur, fiche: Fiche): Promise<VueFiche> => (await pour(acteur, fiche.etablissement_id))(fiche) };
}

export type Vues = ReturnType<typeof createVues>;
