import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Octets } from '../fichier/ports.ts';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
const PIECE_OCTETS = 64 * 1024;

/** Why a file of the original cannot be read, as the report says it. */
export const raisonsMedia = {
  chemin: 'chemin de fichier refusé',
  introuvable: 'fichier introuvable dans le dossier --media',
  illisible: 'fichier illisible',
} as const;

/** A file of the original that cannot be read; it never holds the path. */
export class MediaIllisible extends Error {
  override readonly name = 'MediaIllisible';
  readonly raison: string;
  constructor(raison: string) {
    super(raison);
    this.raison = raison;
  }
}

/** The files of the original, only read. */
export type Media = {
  /** A file in pieces, by the path that a column holds. @throws MediaIllisible when its first piece is asked for, or a later one */
  lire: (chemin: string) => Octets;
};

/**
 * The folder in which Django keeps files (its MEDIA_ROOT). What a column names is found below it or nowhere: no absolute
 * path, no `..`, and below the folder no symbolic link, whatever it leads to.
 */
export function createMedia(dossier: string): Media {
  return {
    async *lire(chemin) {
      const fichier = await ouvrir(dossier, chemin).catch((thrown: unknown) => {
        throw enMedia(thrown);
      });
      try {
        for (;;) {
          const { bytesRead, buffer } = await fichier.read(Buffer.allocUnsafe(PIECE_OCTETS), 0, PIECE_OCTETS).catch((thrown: unknown) => {
            throw enMedia(thrown);
          });
          if (bytesRead === 0) return;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        await fichier.close();
      }
    },
  };
}

async function ouvrir(dossier: string, chemin: string) {
  const parties = chemin.split('/');
  // Windows takes a backslash for a slash and `C:` for a drive: neither is in a name that Django made.
  if (parties.some((partie) => partie === '' || partie === '.' || partie === '..' || /[\\:\0]/.test(partie))) throw new MediaIllisible(raisonsMedia.chemin);
  const racine = await realpath(dossier); // the folder itself may be a link: whoever named it meant where it leads
  for (let i = 1; i < parties.length; i++) if (!(await lstat(join(racine, ...parties.slice(0, i)))).isDirectory()) throw new MediaIllisible(raisonsMedia.chemin);
  const fin = join(racine, ...parties);
  const vu = await lstat(fin);
  if (!vu.isFile()) throw new MediaIllisible(raisonsMedia.chemin);
  const fichier = await open(fin, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const { dev, ino } = await fichier.stat();
  if (dev === vu.dev && ino === vu.ino) return fichier;
  await fichier.close();
  throw new MediaIllisible(raisonsMedia.chemin); // it was changed for another one meanwhile
}

function enMedia(thrown: unknown): MediaIllisible {
  if (thrown instanceof MediaIllisible) return thrown;
  const code = (thrown as NodeJS.ErrnoException).code ?? '';
  if (code === 'ELOOP') return new MediaIllisible(raisonsMedia.chemin);
  return new MediaIllisible(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(code) ? raisonsMedia.introuvable : raisonsMedia.illisible);
}
