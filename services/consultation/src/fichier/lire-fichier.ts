import { cleDe } from './fichier.ts';
import { fichierIntrouvable, type DepotFichiers, type FichierDepose, type FichierStore, type Octets } from './ports.ts';

export interface FichierLu {
  readonly fichier: FichierDepose;
  readonly octets: Octets;
}

/** A kept file with its bytes. Who may read it has been judged before. @throws AppError not_found, unavailable */
export function createLireFichier({ fichiers, depot }: { fichiers: Pick<FichierStore, 'find'>; depot: Pick<DepotFichiers, 'lire'> }) {
  return async (id: string): Promise<FichierLu> => {
    const fichier = await fichiers.find(id);
    if (!fichier) throw fichierIntrouvable();
    return { fichier, octets: await depot.lire(cleDe(id)) };
  };
}

export type LireFichier = ReturnType<typeof createLireFichier>;
