import { quiAgit } from '@mediai/kit/acteur';
import { estPatient } from '../acces/acces.ts';
import type { ChangeFiche, Demande } from './change-fiche.ts';
import { transition } from './fiche.ts';

/**
 * Deletes a fiche softly: it is shown to nobody any more, and stays. Its owner may while it is not validated, an admin
 * of its établissement always.
 */
export function createDeleteFiche({ changeFiche }: { changeFiche: ChangeFiche }) {
  return async (demande: Demande): Promise<void> => {
    await changeFiche({ action: 'supprimer', course: 'rejouer' }, demande, (fiche) => {
      if (quiAgit(demande.acteur) !== 'admin' || estPatient(demande.acteur, fiche)) transition(fiche.status, 'supprimer_patient');
      return { changement: { analyse_en_cours: false, analyse_differee_le: null }, evenements: [{ type: 'FicheDeleted' }], suppression: 'faire' };
    });
  };
}
