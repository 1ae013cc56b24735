import { notFound } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import type { ChangeFiche, Demande, Reponse } from './change-fiche.ts';
import type { Annuaire } from './ports.ts';

export interface AssignMedecin extends Demande {
  /** Null for nobody: every médecin of the établissement sees the fiche then. */
  readonly medecin: number | null;
}

type Needs = { changeFiche: ChangeFiche; annuaire: Pick<Annuaire, 'trouverUtilisateur'> };

/**
 * Assigns a fiche to a médecin of its établissement, or to nobody.
 * @throws AppError not_found `medecin.introuvable` for whoever is no approved, active médecin there; stale, forbidden,
 *   not_found; unavailable while auth cannot tell of one who is unknown here
 */
export function createAssignMedecin({ changeFiche, annuaire }: Needs) {
  async function verifier({ acteur, medecin: id }: AssignMedecin): Promise<void> {
    if (id === null) return;
    const medecin = await annuaire.trouverUtilisateur(id);
    const convient = medecin?.role === 'medecin' && medecin.estActif && medecin.approuve && medecin.etablissementId === acteur.etablissementId;
    if (!convient) throw notFound('medecin.introuvable', 'Médecin introuvable.');
  }

  return async (demande: AssignMedecin): Promise<Reponse> => {
    exiger(demande.acteur, 'assigner');
    await verifier(demande);
    return changeFiche({ action: 'assigner', course: 'rejouer' }, demande, (fiche) =>
      fiche.assigned_medecin === demande.medecin ? null : { changement: { assigned_medecin: demande.medecin }, evenements: [{ type: 'FicheEdited' }] });
  };
}
