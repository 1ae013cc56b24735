import { invalid } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import type { ChangeFiche, Demande, Reponse } from './change-fiche.ts';
import { textesSaisis, type TextesMedecin } from './fiche.ts';

export interface EditDiagnostic extends Demande {
  readonly textes: TextesMedecin;
}

/**
 * Saves result texts of a médecin, in any status.
 * @throws AppError invalid `fiche.aucun_texte` when none is given, stale, forbidden, not_found
 */
export function createEditDiagnostic({ changeFiche }: { changeFiche: ChangeFiche }) {
  return async (demande: EditDiagnostic): Promise<Reponse> => {
    exiger(demande.acteur, 'editer');
    const textes = textesSaisis(demande.textes);
    if (Object.keys(textes).length === 0) throw invalid({ non_field_errors: ['Indiquez au moins un texte à modifier.'] }, 'fiche.aucun_texte');
    return changeFiche({ action: 'editer', course: 'rejouer' }, demande, () => ({ changement: textes, evenements: [{ type: 'FicheEdited' }] }));
  };
}
