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

/** Looks for malware in a file. */
export interface Scanner {
  /** @throws AppError unavailable when it does not answer: then nothing is kept */
  examiner(contenu: Octets): Promise<'propre' | 'infecte'>;
}

/** A file whose bytes lie in the store and that nothing refers to yet. */
export interface FichierDepose {
  readonly id: string;
  /** Where its bytes lie. */
  readonly cle: string;
  /** To keep it under. */
  readonly nom: string;
  readonly typeMime: string;
  /** Without a dot. */
  readonly extension: string;
  /** Bytes. */
  readonly taille: number;
  readonly sha256: Uint8Array;
}

/** The rows of files, by which every byte of the store is known. To keep and to release is done in the transaction of what refers to them. */
export interface FichierStore {
  /** Before the first byte is written. */
  commencer(id: string, etablissementId: number): Promise<void>;
  /** A kept file. */
  find(id: string): Promise<FichierDepose | undefined>;
  /** Takes what was begun before then and never kept, and returns what may go, at most so many; the longest waiting first. Nothing while a backup is under way. */
  aSupprimer(commencesAvant: Date, limite: number): Promise<string[]>;
  /** Takes what was begun and not kept, so that nobody can keep it any more; false where it is kept, or was taken. */
  reprendre(id: string): Promise<boolean>;
  /** When the bytes are gone. */
  oublier(id: string): Promise<void>;
}
