import { basename } from 'node:path';
import { AppError } from '@mediai/kit/errors';
import { createDeposerFichier } from '../fichier/deposer-fichier.ts';
import { fichierInfecte, type ReglesFichier } from '../fichier/fichier.ts';
import type { DepotFichiers, FichierDepose, FichierStore, Scanner } from '../fichier/ports.ts';
import { verifierContenu } from '../fichier/verifier-contenu.ts';
import { MediaIllisible, type Media } from './lire-media.ts';

/** A file of the original that has been found fit. */
export type FichierJuge = { chemin: string; regles: ReglesFichier };
/** What is said of a file: itself, or why it is not taken over. */
export type JugementFichier = { fichier: FichierJuge } | { raison: string };

/** Where files go; `media` is where they come from, and may be unknown. */
export type Fichiers = { fichiers: Pick<FichierStore, 'commencer' | 'reprendre' | 'oublier'>; depot: DepotFichiers; scanner: Scanner; media: Media | null };

export const sansMedia = "fichier laissé : il manque l'option --media";

const raisonsRefus: Record<string, string> = {
  'fichier.type_refuse': "fichier d'un type refusé", 'fichier.trop_grand': 'fichier trop grand', 'fichier.vide': 'fichier vide', 'fichier.infecte': 'fichier infecté par un programme malveillant',
};

/** Files of the original: judged by the rules of an upload, a dry run included, then put into the store; never held whole. */
export function createFichiersRepris({ fichiers, depot, scanner, media }: Fichiers) {
  const { deposer, abandonner } = createDeposerFichier({ fichiers, depot, scanner });
  const ouverte = (): Media => {
    if (media === null) throw new MediaIllisible(sansMedia);
    return media;
  };

  async function lireEntier({ chemin, regles }: FichierJuge): Promise<void> {
    const { octets } = verifierContenu(ouverte().lire(chemin), regles);
    for await (const piece of octets) void piece;
    if ((await scanner.examiner(ouverte().lire(chemin))) === 'infecte') throw fichierInfecte(regles);
  }

  return {
    /** Reads a file to its end and judges it. @throws AppError unavailable when the scanner is away */
    async juger(chemin: string, regles: ReglesFichier): Promise<JugementFichier> {
      const fichier = { chemin, regles };
      try {
        await lireEntier(fichier);
        return { fichier };
      } catch (thrown) {
        const raison = thrown instanceof MediaIllisible ? thrown.raison : thrown instanceof AppError ? raisonsRefus[thrown.code] : undefined;
        if (raison === undefined) throw thrown;
        return { raison };
      }
    },

    /**
     * Puts files into the store, for rows that `ecrire` writes in one transaction; what it does not keep is deleted at
     * once. Where it fails the files wait for the sweep: whether a transaction was undone is not always known.
     * @param ecrire is given the files by row, and answers the ids of those that it kept
     */
    async deposer(lignes: readonly { id: number; fichier: FichierJuge | null }[], etablissementId: number, ecrire: (deposes: ReadonlyMap<number, FichierDepose>) => Promise<ReadonlySet<string>>): Promise<void> {
      const deposes = new Map<number, FichierDepose>();
      for (const { id, fichier } of lignes) {
        if (fichier) deposes.set(id, await deposer({ contenu: ouverte().lire(fichier.chemin), nom: basename(fichier.chemin), etablissementId, regles: fichier.regles }));
      }
      const gardes = await ecrire(deposes);
      for (const { id } of deposes.values()) if (!gardes.has(id)) await abandonner(id);
    },
  };
}

export type FichiersRepris = ReturnType<typeof createFichiersRepris>;
