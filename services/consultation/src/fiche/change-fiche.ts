import { AppError } from '@mediai/kit/errors';
import { exigerRole, type Action } from './acces.ts';
import type { Changement, Fiche } from './fiche.ts';
import type { Lecture, OpenFiche, Vues } from './open-fiche.ts';
import type { EvenementFiche, FicheStore, Idempotence } from './ports.ts';
import type { VueFiche } from './vue.ts';

/** An Idempotency-Key as the edge gives it: it knows how an answer is written. */
export interface CleIdempotence {
  readonly route: string;
  readonly cle: string;
  readonly corps: Uint8Array;
  readonly ecrire: (vue: VueFiche) => Uint8Array;
}

export interface Demande extends Lecture {
  /** Version that the client read. */
  readonly versionAttendue?: number | undefined;
  readonly idempotence?: CleIdempotence | undefined;
}

/** An answer made now, or the bytes of the first answer under the same key. */
export type Reponse = { readonly vue: VueFiche } | { readonly rejouee: Uint8Array };

export interface Decision {
  readonly changement: Changement;
  readonly evenements: readonly EvenementFiche[];
  readonly supprimer?: boolean;
}

interface Acte {
  readonly action: Action;
  /** Stable verb of the audit row. */
  readonly verbe: string;
  /** What a lost race means: `conflit` tells it (the médecin decided on what they read), `rejouer` decides again. */
  readonly course: 'conflit' | 'rejouer';
}

const ESSAIS = 5;

export const versionPerimee = (): AppError => new AppError('stale', 'fiche.version_perimee', 'La fiche a changé depuis votre dernière lecture : rechargez-la.');

/**
 * Changes a fiche: opens it for the actor, asks `decide` what to write, writes it where nothing came in between.
 * `decide` is pure and returns null where nothing is to be written.
 * @throws AppError stale `fiche.version_perimee`, conflict `fiche.conflit`, and what opening and deciding throw
 */
export function createChangeFiche({ fiches, openFiche, vues }: { fiches: Pick<FicheStore, 'update' | 'rejouer'>; openFiche: OpenFiche; vues: Vues }) {
  return async (acte: Acte, demande: Demande, decide: (fiche: Fiche) => Decision | null): Promise<Reponse> => {
    const { acteur, id, versionAttendue } = demande;
    exigerRole(acteur, acte.action);
    const vuDe = await vues.pour(acteur, acteur.etablissementId);
    const idempotence = lier(demande, vuDe);
    const premiere = idempotence && (await fiches.rejouer(idempotence));
    if (premiere) return { rejouee: premiere };
    for (let essai = 1; essai <= ESSAIS; essai++) {
      const fiche = await openFiche(acte.action, demande);
      if (versionAttendue !== undefined && versionAttendue !== fiche.version) throw versionPerimee();
      const decision = decide(fiche);
      if (decision === null) return { vue: vuDe(fiche) };
      const effets = { acte: { acteur, action: acte.verbe }, evenements: decision.evenements, idempotence };
      const ecriture = await fiches.update(id, fiche.version, decision.changement, effets, { supprimer: decision.supprimer ?? false });
      if (typeof ecriture !== 'string') return 'rejouee' in ecriture ? ecriture : { vue: vuDe(ecriture.ecrite) };
      if (versionAttendue !== undefined) throw versionPerimee();
      if (acte.course === 'conflit') break;
    }
    throw new AppError('conflict', 'fiche.conflit', 'Cette fiche vient de changer : relisez-la avant de décider.');
  };
}

export type ChangeFiche = ReturnType<typeof createChangeFiche>;

function lier({ acteur, idempotence }: Demande, vuDe: (fiche: Fiche) => VueFiche): Idempotence | undefined {
  if (!idempotence) return undefined;
  const { route, cle, corps, ecrire } = idempotence;
  return { acteurId: acteur.id, route, cle, corps, ecrire: (fiche) => ecrire(vuDe(fiche)) };
}
