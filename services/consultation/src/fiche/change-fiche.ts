import { AppError } from '@mediai/kit/errors';
import { exiger, type Action } from '../acces/acces.ts';
import type { Cle, Idempotence, Journal } from '../acces/journal.ts';
import type { Changement, Fiche } from './fiche.ts';
import type { Lecture, NoterLecture, OpenFiche, Ouverture, Vues } from './open-fiche.ts';
import type { Effets, EvenementFiche, FicheStore, Suppression } from './ports.ts';
import type { VueFiche } from './vue.ts';

/** An Idempotency-Key as the edge gives it: it knows how an answer is written. */
export type CleIdempotence = Omit<Cle, 'acteurId'> & { readonly ecrire: (vue: VueFiche) => Uint8Array };

export interface Demande extends Lecture {
  /** Version that the client read. */
  readonly versionAttendue?: number | undefined;
  readonly idempotence?: CleIdempotence | undefined;
}

/** An answer made now, or the bytes of the first answer under the same key. */
export type Reponse<V = VueFiche> = { readonly vue: V } | { readonly rejouee: Uint8Array };

export interface Decision {
  readonly changement: Changement;
  readonly evenements: readonly EvenementFiche[];
  readonly suppression?: Suppression;
  readonly fichiers?: Effets['fichiers'];
}

interface Acte {
  readonly action: Action;
  /** What a lost race means: `conflit` tells it (the médecin decided on what they read), `rejouer` decides again. */
  readonly course: 'conflit' | 'rejouer';
}

const ESSAIS = 5;

export const versionPerimee = (): AppError => new AppError('stale', 'fiche.version_perimee', 'La fiche a changé depuis votre dernière lecture : rechargez-la.');

type Needs = { fiches: Pick<FicheStore, 'update'>; journal: Pick<Journal, 'noterUneFois' | 'rejouer'>; openFiche: OpenFiche; noterLecture: NoterLecture; vues: Vues };
type Decide = (fiche: Fiche) => Decision | null | Promise<Decision | null>;

/**
 * Changes a fiche: opens it for the actor, asks `decide` what to write, writes it where nothing came in between.
 * `decide` returns null where nothing is to be written; only that of a `conflit` may ask others. A first answer is given
 * again only to who may still open the fiche.
 * @throws AppError stale `fiche.version_perimee`, conflict `fiche.conflit`, and what opening and deciding throw
 */
export function createChangeFiche({ fiches, journal, openFiche, noterLecture, vues }: Needs) {
  /** The act changes nothing, but its actor reads the fiche and its key has its answer. */
  async function sansEcrire({ fiche, acte }: Ouverture, vuDe: (fiche: Fiche) => VueFiche, idempotence: Idempotence | undefined): Promise<Reponse> {
    const premiere = idempotence && (await journal.noterUneFois(fiche, acte, idempotence));
    if (premiere) return { rejouee: premiere };
    if (!idempotence) await noterLecture({ fiche, acte });
    return { vue: vuDe(fiche) };
  }

  return async ({ action, course }: Acte, demande: Demande, decide: Decide): Promise<Reponse> => {
    const { acteur, id, versionAttendue } = demande;
    exiger(acteur, action);
    const vuDe = await vues.pour(acteur, acteur.etablissementId);
    const idempotence = lier(demande, vuDe);
    let ouverture = await openFiche(action, demande);
    const premiere = idempotence && (await journal.rejouer(idempotence));
    if (premiere) {
      await noterLecture({ ...ouverture, acte: { ...ouverture.acte, action: 'fiche.lire' } });
      return { rejouee: premiere };
    }
    for (let essai = 1; essai <= ESSAIS; essai++) {
      const { fiche, acte } = ouverture;
      if (versionAttendue !== undefined && versionAttendue !== fiche.version) throw versionPerimee();
      const decision = await decide(fiche);
      if (decision === null) return sansEcrire(ouverture, vuDe, idempotence);
      const effets = { acte, evenements: decision.evenements, idempotence, fichiers: decision.fichiers };
      const ecriture = await fiches.update(fiche, decision.changement, effets, { suppression: decision.suppression });
      if (typeof ecriture !== 'string') return 'rejouee' in ecriture ? ecriture : { vue: vuDe(ecriture.ecrite) };
      if (versionAttendue !== undefined) throw versionPerimee();
      if (course === 'conflit') break;
      ouverture = await openFiche(action, { acteur, id }); // the reason, if any, is kept by now
    }
    throw new AppError('conflict', 'fiche.conflit', 'Cette fiche vient de changer : relisez-la avant de décider.');
  };
}

export type ChangeFiche = ReturnType<typeof createChangeFiche>;

/** A key whose answer is made of the fiche as this actor may see it. */
export function lier({ acteur, idempotence }: Pick<Demande, 'acteur' | 'idempotence'>, vuDe: (fiche: Fiche) => VueFiche): Idempotence | undefined {
  if (!idempotence) return undefined;
  const { route, cle, corps, ecrire } = idempotence;
  return { acteurId: acteur.id, route, cle, corps, ecrire: (fiche) => ecrire(vuDe(fiche)) };
}
