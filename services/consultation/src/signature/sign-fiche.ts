import { exiger } from '../acces/acces.ts';
import type { Reponse } from '../fiche/change-fiche.ts';
import type { createUpdateFiche, UpdateFiche } from '../fiche/update-fiche.ts';
import type { DeposerFichier } from '../fichier/deposer-fichier.ts';
import { REGLES_SIGNATURE } from '../fichier/fichier.ts';
import type { Octets } from '../fichier/ports.ts';

export interface SignFiche extends Pick<UpdateFiche, 'acteur'> {
  /** Undefined where the form held no image: then it is a change like any other. */
  readonly nom: string | undefined;
  readonly contenu: Octets;
  /** What else changes, known once the image is read. */
  readonly formulaire: () => Omit<UpdateFiche, 'signature'>;
}

/**
 * Signs a fiche and changes it, in one act. The role is judged before a byte is read; the signature that was there is released.
 * @throws AppError invalid by field (`fichier.*` under `signature_medecin`), forbidden, stale, not_found, unavailable
 */
export function createSignFiche({ deposerFichier, updateFiche }: { deposerFichier: DeposerFichier; updateFiche: ReturnType<typeof createUpdateFiche> }) {
  return async ({ acteur, nom, contenu, formulaire }: SignFiche): Promise<Reponse> => {
    if (nom === undefined) return updateFiche(formulaire());
    exiger(acteur, 'signer');
    return deposerFichier.avec({ contenu, nom, etablissementId: acteur.etablissementId, regles: REGLES_SIGNATURE }, async (depose) => ({ reponse: await updateFiche({ ...formulaire(), signature: depose }), garde: true }));
  };
}
