import { AppError } from '@mediai/kit/errors';
import type { FicheStore } from '../../fiche/ports.ts';
import { masquer } from '../../fiche/vue.ts';
import { contenuDe, type Empreinte } from '../contenu.ts';
import type { LirePieces } from '../ports.ts';
import { estJeton, hashJeton, memes, type Verification, type VerificationStore } from './verification.ts';

/** What anybody may know of a printed document: nothing about a person. */
export interface Verdict {
  readonly statut: 'authentique' | 'revoque';
  /** When this content was printed first. */
  readonly emisLe: Date;
}

type Needs = { verifications: Pick<VerificationStore, 'trouver'>; fiches: Pick<FicheStore, 'find'>; lirePieces: LirePieces; empreinte: Empreinte };

/**
 * Whether a document is genuine: its fiche is there, says what was printed, and nobody has revoked its code.
 * @throws AppError not_found for a code that no document carries
 */
export function createVerifyDocument({ verifications, fiches, lirePieces, empreinte }: Needs) {
  async function ditEncore({ ficheId, vue, empreinte: imprimee }: Verification): Promise<boolean> {
    const fiche = await fiches.find(ficheId);
    if (!fiche) return false;
    const contenu = contenuDe({ vue, fiche: vue === 'patient' ? masquer(fiche) : fiche }, await lirePieces(ficheId));
    return memes(empreinte(contenu), imprimee);
  }

  return async (jeton: string): Promise<Verdict> => {
    const verification = estJeton(jeton) ? await verifications.trouver(hashJeton(jeton)) : undefined;
    if (!verification) throw new AppError('not_found', 'verification.introuvable', "Ce code n'est celui d'aucun document.");
    const { emisLe, revoqueLe } = verification;
    return { statut: revoqueLe === null && (await ditEncore(verification)) ? 'authentique' : 'revoque', emisLe };
  };
}
