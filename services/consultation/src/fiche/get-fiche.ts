import type { Acteur } from '@mediai/kit/acteur';
import { invalid } from '@mediai/kit/errors';
import { estSienne, exiger, may } from '../acces/acces.ts';
import type { Journal } from '../acces/journal.ts';
import type { Fiche } from './fiche.ts';
import type { Lecture, NoterLecture, OpenFiche, Vues } from './open-fiche.ts';
import type { FicheStore } from './ports.ts';
import type { VueFiche } from './vue.ts';

type Needs = { openFiche: OpenFiche; noterLecture: NoterLecture; vues: Vues };

/** One fiche as the actor may see it. */
export function createGetFiche({ openFiche, noterLecture, vues }: Needs) {
  return async (lecture: Lecture): Promise<VueFiche> => {
    const ouverture = await openFiche('lire', lecture);
    await noterLecture(ouverture);
    return vues.une(lecture.acteur, ouverture.fiche);
  };
}

/**
 * What other services ask with the actor's own token: whose a fiche is and what of it is published. With `ouverture` the
 * actor will read what is under the fiche, which is an opening of it; a mere question is not, and leaves no row.
 */
export function createGetAccesFiche({ openFiche, noterLecture }: Omit<Needs, 'vues'>) {
  return async ({ ouverture, ...lecture }: Lecture & { ouverture: boolean }): Promise<Fiche> => {
    const ouverte = await openFiche('ouvrir', lecture, { discret: !ouverture });
    if (ouverture) await noterLecture(ouverte);
    return ouverte.fiche;
  };
}

const PAGE_MAX = 100;

/**
 * What other services ask before they show a page of what is under fiches: which of these the actor may see without a
 * reason. That they are shown is noted, once an hour for each, of those that are not the actor's own.
 * @throws AppError forbidden by role, invalid beyond 100 fiches
 */
export function createGetAccesPage({ fiches, journal }: { fiches: Pick<FicheStore, 'objets'>; journal: Pick<Journal, 'noterPage'> }) {
  return async (acteur: Acteur, ids: readonly number[]): Promise<number[]> => {
    exiger(acteur, 'ouvrir');
    if (ids.length > PAGE_MAX) throw invalid({ ids: [`Une page compte ${PAGE_MAX} fiches au plus.`] });
    const visibles = (await fiches.objets(ids)).filter((fiche) => may(acteur, 'ouvrir', fiche) === 'oui');
    await journal.noterPage(visibles.filter((fiche) => !estSienne(acteur, fiche)), acteur, 'fiche.ouvrir');
    return visibles.map(({ id }) => id);
  };
}
