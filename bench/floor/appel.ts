import type { Acteur } from '@mediai/kit/acteur';

/** A call: who makes it, from where, and what they say beside it. */
export interface Appel {
  readonly acteur: Acteur;
  readonly requestId: string;
  /** Network address of the client. */
  readonly adresse: string | null;
  /** Why a médecin reads a colleague's. */
  readonly motif?: string | undefined;
  /** Version that the client read (If-Match). */
  readonly versionAttendue?: number | undefined;
}
