import { AppError, notFound, unavailable } from '@mediai/kit/errors';

/** Bytes in pieces, read as they are asked for. */
export type Octets = AsyncIterable<Uint8Array>;

/**
 * Where the bytes of files lie. A key is server-made: small letters, digits, `.`, `_` and `-`, in parts between slashes,
 * none of which begins with a dot (`fichiers/0192…`).
 */
export interface DepotFichiers {
  /**
   * Keeps bytes under a key, whole or not at all: of a failure, the source's own included, nothing stays. What lay there is replaced.
   * @returns bytes written
   * @throws what the source throws; AppError unavailable for a store that is away or full
   */
  ecrire(cle: string, contenu: Octets): Promise<{ taille: number }>;
  /** @throws AppError not_found `fichier.introuvable`; unavailable */
  lire(cle: string): Promise<Octets>;
  /** Also what an interrupted `ecrire` left; no error where nothing lies. @throws AppError unavailable */
  supprimer(cle: string): Promise<void>;
}

/** @throws AppError internal for a key that this code did not make */
export function exigerCle(cle: string): string[] {
  const parties = cle.split('/');
  if (cle.length > 200 || !parties.every((partie) => /^[a-z0-9][a-z0-9._-]*$/.test(partie))) throw new AppError('internal', 'fichier.cle');
  return parties;
}

export const fichierIntrouvable = (): AppError => notFound('fichier.introuvable', 'Fichier introuvable.');
export const depotIndisponible = (cause: unknown): AppError => unavailable(cause, 5);
