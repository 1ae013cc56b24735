import type { Acteur } from '@mediai/kit/acteur';
import { exiger, type Action } from '../acces/acces.ts';
import type { Reponse } from '../fiche/change-fiche.ts';
import type { DeposerFichier } from '../fichier/deposer-fichier.ts';
import { REGLES_DOCUMENT } from '../fichier/fichier.ts';
import type { FichierDepose, Octets } from '../fichier/ports.ts';
import type { LabResult } from './lab-result.ts';

/** A file as it comes, and the form that ends it. */
export interface EnvoiLabResult {
  readonly acteur: Acteur;
  /** Undefined where the form held no file. */
  readonly nom: string | undefined;
  readonly contenu: Octets;
}

/** Writes the result once its file is deposited, or without one. */
type Ecrire = (fichier: FichierDepose | undefined) => Promise<Reponse<LabResult>>;

const CHAMP = 'fichier';

/**
 * Writes a result with the file of the laboratory. The role is judged before a byte is read, the file before the form at
 * its end; of what comes to nothing neither bytes nor a row stay.
 * @param ecrire adds or changes the result by the form
 * @throws AppError invalid `fichier.*` under `fichier`, unavailable, and what writing the result throws
 */
export function createUploadLabResult({ deposerFichier }: { deposerFichier: DeposerFichier }) {
  return async (action: Action, { acteur, nom, contenu }: EnvoiLabResult, ecrire: Ecrire): Promise<Reponse<LabResult>> => {
    exiger(acteur, action);
    if (nom === undefined) return ecrire(undefined);
    const envoi = { contenu, nom, etablissementId: acteur.etablissementId, regles: { ...REGLES_DOCUMENT, champ: CHAMP } };
    return deposerFichier.avec(envoi, async (depose) => {
      const reponse = await ecrire(depose);
      return { reponse, garde: 'vue' in reponse };
    });
  };
}
