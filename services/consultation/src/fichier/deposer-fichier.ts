import { AppError, isAway } from '@mediai/kit/errors';
import { randomUUID } from 'node:crypto';
import { cleDe, fichierInfecte, nomPropre, type ReglesFichier } from './fichier.ts';
import type { DepotFichiers, FichierDepose, FichierStore, Octets, Scanner } from './ports.ts';
import { verifierContenu } from './verifier-contenu.ts';

export interface Envoi {
  readonly contenu: Octets;
  /** As the client calls it: data, never a path. */
  readonly nom: string;
  readonly etablissementId: number;
  readonly regles: ReglesFichier;
}

type Needs = { fichiers: Pick<FichierStore, 'commencer' | 'reprendre' | 'oublier'>; depot: DepotFichiers; scanner: Scanner };

/**
 * Files of others' rows, step by step, so that none is ever orphaned:
 *
 * 1. `deposer` writes the row `en_cours`, then the bytes, checked as they come;
 * 2. who refers to the file calls `garderFichier(tx, depose)` of `fichier-store.ts` in the transaction of its own row;
 *    what no longer refers to it calls `relacherFichier(tx, id)`;
 * 3. of an upload that comes to nothing, `abandonner` deletes bytes and row at once; whatever was missed (a process
 *    killed in between) goes with the sweep after an hour.
 *
 * @throws AppError invalid `fichier.trop_grand`, `fichier.type_refuse`, `fichier.vide`, `fichier.infecte`; unavailable when the store or the scanner is away
 */
export function createDeposerFichier({ fichiers, depot, scanner }: Needs) {
  /**
   * Deletes a file that nothing refers to. Where that cannot be done now, the sweep will. An act that failed may have been
   * committed all the same, its answer lost on the way: a file that is kept stays.
   */
  async function abandonner(id: string): Promise<void> {
    try {
      if (!(await fichiers.reprendre(id))) return;
      await depot.supprimer(cleDe(id));
      await fichiers.oublier(id);
    } catch (thrown) {
      if (!isAway(thrown)) throw thrown;
    }
  }

  async function deposer({ contenu, nom, etablissementId, regles }: Envoi): Promise<FichierDepose> {
    const id = randomUUID();
    const cle = cleDe(id);
    await fichiers.commencer(id, etablissementId);
    try {
      const { octets, mesure } = verifierContenu(contenu, regles);
      await depot.ecrire(cle, octets);
      const lu = mesure();
      if (!lu) throw new AppError('internal');
      if ((await scanner.examiner(await depot.lire(cle))) === 'infecte') throw fichierInfecte(regles);
      return { id, cle, nom: nomPropre(nom, lu.type), typeMime: lu.type.mime, extension: lu.type.extensions[0], taille: lu.taille, sha256: lu.sha256 };
    } catch (thrown) {
      await abandonner(id);
      throw thrown;
    }
  }

  /** Deposits a file for an act that keeps it; if the act fails or does not keep it, the file goes at once. */
  async function avec<T>(envoi: Envoi, acte: (depose: FichierDepose) => Promise<{ reponse: T; garde: boolean }>): Promise<T> {
    const depose = await deposer(envoi);
    let garde = false;
    try {
      const fait = await acte(depose);
      garde = fait.garde;
      return fait.reponse;
    } finally {
      if (!garde) await abandonner(depose.id);
    }
  }

  return { deposer, abandonner, avec };
}

export type DeposerFichier = ReturnType<typeof createDeposerFichier>;
