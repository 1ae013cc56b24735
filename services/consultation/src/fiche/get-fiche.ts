import type { Lecture, OpenFiche, Vues } from './open-fiche.ts';
import type { Fiche } from './fiche.ts';
import type { VueFiche } from './vue.ts';

type Needs = { openFiche: OpenFiche; vues: Vues };

/** One fiche as the actor may see it. */
export function createGetFiche({ openFiche, vues }: Needs) {
  return async (lecture: Lecture): Promise<VueFiche> => vues.une(lecture.acteur, await openFiche('lire', lecture));
}

/** What other services ask with the actor's own token: who owns a fiche and what of it is published. */
export function createGetAccesFiche({ openFiche }: Pick<Needs, 'openFiche'>) {
  return async (lecture: Lecture): Promise<Fiche> => openFiche('lire', lecture);
}
