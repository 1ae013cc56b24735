import { randomUUID } from 'node:crypto';
import { AppError } from '@mediai/kit/errors';
import { exiger, may, refus } from '../acces/acces.ts';
import type { Acte, Journal } from '../acces/journal.ts';
import { estEffacee } from '../personne/effacer-fiche.ts';
import { lier, type Demande, type Reponse } from './change-fiche.ts';
import type { Changement, Fiche } from './fiche.ts';
import type { NoterLecture, OpenFiche, Vues } from './open-fiche.ts';
import type { EvenementFiche, FicheStore, Horloge } from './ports.ts';

type Needs = { fiches: Pick<FicheStore, 'findSupprimee' | 'update'>; journal: Pick<Journal, 'rejouer' | 'noterRefus'>; openFiche: OpenFiche; noterLecture: NoterLecture; vues: Vues; clock: Horloge };

/**
 * Takes the deletion of a fiche back: it is shown again to whom it was shown, with all under it. Its deletion had ended
 * the analysis that ran: one is asked for again, so that the fiche does not wait for ever.
 * @throws AppError forbidden to all but admins; not_found for what is not deleted, was erased, or is not of their établissement
 */
export function createRestoreFiche({ fiches, journal, openFiche, noterLecture, vues, clock }: Needs) {
  return async (demande: Pick<Demande, 'acteur' | 'id' | 'idempotence'>): Promise<Reponse> => {
    const { acteur, id } = demande;
    exiger(acteur, 'restaurer');
    const vuDe = await vues.pour(acteur, acteur.etablissementId);
    const idempotence = lier(demande, vuDe);
    const premiere = idempotence && (await journal.rejouer(idempotence));
    if (premiere) {
      await noterLecture(await openFiche('lire', { acteur, id }));
      return { rejouee: premiere };
    }
    const acte: Acte = { acteur, action: 'fiche.restaurer' };
    const supprimee = await fiches.findSupprimee(id);
    const fiche = supprimee && estEffacee(supprimee) ? undefined : supprimee;
    const verdict = may(acteur, 'restaurer', fiche ?? null);
    if (!fiche || verdict !== 'oui') {
      await journal.noterRefus(fiche, acte);
      throw refus(verdict === 'oui' ? 'introuvable' : verdict);
    }
    const { changement, evenements } = reprendre(fiche, clock());
    const ecriture = await fiches.update(fiche, changement, { acte, evenements, idempotence }, { suppression: 'defaire' });
    // Nothing but a restoration changes a deleted fiche: whoever lost came second, and it is deleted no more.
    if (typeof ecriture === 'string') throw new AppError('conflict', 'fiche.conflit', 'Cette fiche vient d’être restaurée.');
    return 'rejouee' in ecriture ? ecriture : { vue: vuDe(ecriture.ecrite) };
  };
}

function reprendre(fiche: Fiche, maintenant: Date): { changement: Changement; evenements: EvenementFiche[] } {
  if (fiche.status !== 'en_analyse') return { changement: {}, evenements: [{ type: 'FicheRestored' }] };
  const taskId = randomUUID();
  return {
    changement: { analyse_task_id: taskId, analyse_demandee_le: maintenant, analyse_differee_le: null, analyse_version: fiche.version + 1, analyse_en_cours: true, analyse_echec_code: null, analyse_echec_le: null },
    evenements: [{ type: 'FicheRestored' }, { type: 'AnalyseRequested', taskId }],
  };
}
