import type { FichierLu, LireFichier } from '../fichier/lire-fichier.ts';
import { fichierIntrouvable } from '../fichier/ports.ts';
import type { JetonsSignature } from './jeton-signature.ts';

/** The image that a signed address names, for who was given it with a fiche. @throws AppError not_found for any other address */
export function createLireSignature({ signatures, lireFichier }: { signatures: Pick<JetonsSignature, 'lire'>; lireFichier: LireFichier }) {
  return async (jeton: string): Promise<FichierLu> => {
    const id = signatures.lire(jeton);
    if (id === undefined) throw fichierIntrouvable();
    return lireFichier(id);
  };
}
