import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Acte, Idempotence, Sujet } from '../../acces/journal.ts';
import type { VueFiche } from '../../fiche/vue.ts';

/** One printed content of a fiche. */
export interface Verification {
  readonly ficheId: number;
  readonly etablissementId: number;
  readonly vue: VueFiche['vue'];
  /** What its code is derived from. */
  readonly sel: Uint8Array;
  readonly jetonHash: Uint8Array;
  readonly empreinte: Uint8Array;
  readonly emisLe: Date;
  readonly revoqueLe: Date | null;
}

export interface VerificationStore {
  /** The row of this content that is not revoked; the given one where there is none, also when several ask at once. */
  obtenir(nouvelle: Omit<Verification, 'revoqueLe'>): Promise<Verification>;
  trouver(jetonHash: Uint8Array): Promise<Verification | undefined>;
  /** Revokes all of a fiche, with its audit row and its idempotency key. @returns how many, or the first answer under the key */
  revoquer(fiche: Sujet, le: Date, acte: Acte, idempotence: IdempotenceRevocation | undefined): Promise<{ readonly revoques: number } | { readonly rejouee: Uint8Array }>;
}

/** The key of a revocation; its answer is made of the number of codes. */
export type IdempotenceRevocation = Omit<Idempotence, 'ecrire'> & { readonly ecrire: (revoques: number) => Uint8Array };

const JETON = /^[\w-]{32}$/;

/** Whether a text has the form of a code. */
export const estJeton = (texte: string): boolean => JETON.test(texte);

/** What is looked up: who reads the table finds no code in it. */
export const hashJeton = (jeton: string): Buffer => createHash('sha256').update(jeton).digest();

export const memes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/**
 * The codes that documents carry: 192 bits, derived with a key from 128 random bits that the table keeps, so that the
 * same content is printed with the same code again, and the table alone gives none.
 */
export function createJetons(secret: string) {
  const deriver = (sel: Uint8Array): string => createHmac('sha256', secret).update(sel).digest('base64url').slice(0, 32);
  return {
    deriver,
    /** A new one. */
    tirer: (): { sel: Buffer; jetonHash: Buffer } => {
      const sel = randomBytes(16);
      return { sel, jetonHash: hashJeton(deriver(sel)) };
    },
  };
}

export type Jetons = ReturnType<typeof createJetons>;
