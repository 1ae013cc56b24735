import type { Lecture, NoterLecture, OpenFiche, Vues } from './open-fiche.ts';
import type { Fiche } from './fiche.ts';
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
