import { isBrokenCircuitError, isTaskCancelledError } from 'cockatiel';

/**
 * How a call to a provider ended badly: `limite` (429), `indisponible` (5xx, connection), `delai`, `disjoncteur` (not
 * asked: the breaker is open), `cle` (401, 403), `requete` (other 4xx), `illisible` (an answer that is none), `annule` (by us).
 */
export type GenreEchec = 'limite' | 'indisponible' | 'delai' | 'disjoncteur' | 'cle' | 'requete' | 'illisible' | 'annule';

/** A failed call. It keeps no text of the provider: that could quote the fiche. */
export class VoixError extends Error {
  override readonly name = 'VoixError';
  readonly genre: GenreEchec;
  /** What the provider's Retry-After asked for. */
  readonly attendreMs: number | undefined;
  /** Calls that were made, the failed one included. */
  tentatives = 0;

  constructor(genre: GenreEchec, attendreMs?: number) {
    super(genre);
    this.genre = genre;
    this.attendreMs = attendreMs;
  }
}

/** Worth another call: the provider may answer soon. */
export const estPassager = (genre: GenreEchec): boolean => genre === 'limite' || genre === 'indisponible' || genre === 'delai';

/**
 * What the SDKs throw, in one form; they share `status` and `headers`, and fetch's own errors have neither.
 * @param maintenant epoch milliseconds, for a Retry-After that is a date
 */
export function toVoixError(thrown: unknown, maintenant = Date.now()): VoixError {
  if (thrown instanceof VoixError) return thrown;
  const { status, headers, name, code } = (thrown ?? {}) as { status?: unknown; headers?: { get?: (n: string) => string | null }; name?: string; code?: unknown };
  if (typeof status === 'number') return new VoixError(genreDeStatut(status), lireRetryAfter(headers?.get?.('retry-after'), maintenant));
  if (isTaskCancelledError(thrown)) return new VoixError('delai');
  if (isBrokenCircuitError(thrown)) return new VoixError('disjoncteur');
  if (name === 'AbortError' || name === 'APIUserAbortError' || /UserAbort/u.test(constructorName(thrown))) return new VoixError('annule');
  if (/ConnectionTimeout|TimeoutError/u.test(`${name} ${constructorName(thrown)}`)) return new VoixError('delai');
  const fetchFailed = thrown instanceof Error && /^(fetch failed|terminated|exception TypeError: fetch failed)/u.test(thrown.message);
  if (fetchFailed || /Connection/u.test(constructorName(thrown)) || /^(E[A-Z]+|UND_ERR_\w+)$/u.test(String(code))) return new VoixError('indisponible');
  return new VoixError('illisible');
}

const constructorName = (thrown: unknown): string => (thrown instanceof Object ? thrown.constructor.name : '');

function genreDeStatut(status: number): GenreEchec {
  if (status === 429) return 'limite';
  if (status >= 500 || status === 408) return 'indisponible';
  return status === 401 || status === 403 ? 'cle' : 'requete';
}

/** Retry-After (RFC 9110, 10.2.3) in milliseconds: seconds or a date. */
export function lireRetryAfter(valeur: string | null | undefined, maintenant: number): number | undefined {
  if (!valeur) return undefined;
  const ms = /^\d+$/u.test(valeur) ? Number(valeur) * 1000 : Date.parse(valeur) - maintenant;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
