import { AppError } from '@mediai/kit/errors';
import { exiger, type Action } from '../acces/acces.ts';
import type { Cle, Journal } from '../acces/journal.ts';
import type { Reponse } from '../fiche/change-fiche.ts';
import type { Lecture, NoterLecture, Ouverture } from '../fiche/open-fiche.ts';
import type { EcriturePiece, EffetsPiece, NonEcrite } from './piece.ts';

/** An Idempotency-Key as the edge gives it: it knows how an answer is written. */
export type ClePiece<V> = Omit<Cle, 'acteurId'> & { readonly ecrire: (vue: V) => Uint8Array };

export interface DemandePiece<V> extends Lecture {
  readonly idempotence?: ClePiece<V> | undefined;
}

/** How one kind of piece refuses what could not be written, but for a lost race. */
export type Refuser = Partial<Record<Exclude<NonEcrite, 'perdue'>, () => AppError>>;

const ESSAIS = 5;

/**
 * Writes a piece under a fiche: opens the fiche for the actor, lets `ecrire` decide on it and write, and does so again
 * where the fiche changed meanwhile: what a text raises is judged on the fiche as it stands when the text is kept. A
 * first answer is given again only to who may still open the fiche.
 * @throws AppError conflict `fiche.conflit`, what `refuser` says, and what opening and deciding throw
 */
export function createWritePiece({ journal, noterLecture }: { journal: Pick<Journal, 'rejouer'>; noterLecture: NoterLecture }) {
  return async <O extends Ouverture, P>(
    action: Action,
    { acteur, idempotence, motif }: DemandePiece<P>,
    ouvrir: (lecture: Pick<Lecture, 'acteur' | 'motif'>) => Promise<O>,
    ecrire: (ouverture: O, effets: EffetsPiece<P>) => Promise<EcriturePiece<P>>,
    refuser: Refuser,
  ): Promise<Reponse<P>> => {
    exiger(acteur, action);
    let ouverture = await ouvrir({ acteur, motif });
    const cle = idempotence && { ...idempotence, acteurId: acteur.id };
    const premiere = cle && (await journal.rejouer(cle));
    if (premiere) {
      await noterLecture({ ...ouverture, acte: { ...ouverture.acte, action: 'fiche.lire' } });
      return { rejouee: premiere };
    }
    for (let essai = 1; essai <= ESSAIS; essai++) {
      const ecriture = await ecrire(ouverture, { acte: ouverture.acte, idempotence: cle });
      if (typeof ecriture !== 'string') return 'rejouee' in ecriture ? ecriture : { vue: ecriture.ecrite };
      if (ecriture !== 'perdue') throw refuser[ecriture]?.() ?? new AppError('internal');
      ouverture = await ouvrir({ acteur, motif: undefined }); // the reason, if any, is kept by now
    }
    throw new AppError('conflict', 'fiche.conflit', 'Cette fiche change en ce moment : réessayez.');
  };
}

export type WritePiece = ReturnType<typeof createWritePiece>;
