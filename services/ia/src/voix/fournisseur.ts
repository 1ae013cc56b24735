import type { z } from 'zod';
import type { ReponseBrute } from './lire-vote.ts';

/** One question to a model. */
export type Demande = {
  /** What it is to do. */
  consigne: string;
  /** The data. */
  texte: string;
  /** Form of the answer, and the name it has there. */
  schema: z.ZodType;
  nomSchema: string;
};

export type ReponseFournisseur = ReponseBrute & { modele: string; jetonsEntree: number; jetonsSortie: number };

/**
 * A vendor behind its own SDK, which is loaded by the first question. One call, never repeated here: it throws what the
 * SDK throws, and an aborted `signal` ends the call at the provider.
 */
export type Fournisseur = {
  nom: 'openai' | 'anthropic' | 'google';
  modele: string;
  demander: (demande: Demande, signal: AbortSignal) => Promise<ReponseFournisseur>;
};

export type OptionsFournisseur = {
  cle: string;
  modele: string;
  /** Base URL of the API; the vendor's own when absent. */
  baseUrl?: string | undefined;
};

/** Most tokens of an answer, hidden reasoning included. */
export const MAX_JETONS = 16_000;
