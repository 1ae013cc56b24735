import { AppError } from '@mediai/kit/errors';
import type { LireFichier } from '../fichier/lire-fichier.ts';
import type { LireSignature } from './ports.ts';

/** Bytes of a signature at most: more is no signature, and none is printed. */
const TAILLE_MAX = 4 * 1024 * 1024;

/** Reads the files of signatures whole. */
export function createLireImageSignature({ lireFichier }: { lireFichier: LireFichier }): LireSignature {
  return async (fichierId) => {
    const morceaux: Uint8Array[] = [];
    let taille = 0;
    try {
      for await (const morceau of (await lireFichier(fichierId)).octets) {
        taille += morceau.length;
        if (taille > TAILLE_MAX) return null;
        morceaux.push(morceau);
      }
    } catch (erreur) {
      if (erreur instanceof AppError && erreur.kind === 'not_found') return null; // the document says that it is missing
      throw erreur;
    }
    return Buffer.concat(morceaux);
  };
}
