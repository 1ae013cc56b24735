import { createHmac } from 'node:crypto';
import { AppError } from '@mediai/kit/errors';
import { createAnnuaire } from '../../../services/consultation/src/annuaire/annuaire.ts';
import { createVues } from '../../../services/consultation/src/fiche/open-fiche.ts';
import type { Etablissement, Utilisateur } from '../../../services/consultation/src/fiche/ports.ts';
import { createNumerosDossier } from '../../../services/consultation/src/fiche/numero-dossier.ts';
import { ecrireOrientation } from '../../../services/consultation/src/fiche/regles.ts';
import { createJetonsSignature } from '../../../services/consultation/src/signature/jeton-signature.ts';
import { run, type Pools } from '../databases.ts';
import type { Settings } from '../settings.ts';
import { takeBlock } from '../sql/fiche-write-sql.ts';

const ETABLISSEMENT = 'SELECT id, nom, telephone_urgence AS "telephoneUrgence", fuseau, consentement_ia AS "consentementIa" FROM etablissement_projection WHERE id = $1';
const UTILISATEUR = 'SELECT id, role, is_active AS "estActif", approuve, is_available AS disponible, etablissement_id AS "etablissementId" FROM user_projection WHERE id = $1';

/** What is asked of auth in the suite and never here: everybody that the bench names is known by events. */
const neverAsked = async (): Promise<never> => {
  throw new AppError('unavailable');
};

/** What acts on fiches share: who is who, how a fiche is seen, dossier numbers, the hour. */
export function createFicheParts(pool: Pools['consultation'], { telephoneUrgence, publicUrl, consultationSecret }: Settings) {
  const clock = (): Date => new Date();
  const annuaire = createAnnuaire({
    store: {
      trouverUtilisateur: async (id) => (await run<Utilisateur & { id: number }>(pool, UTILISATEUR, [id]))[0],
      trouverEtablissement: async (id) => (await run<Etablissement & { id: number }>(pool, ETABLISSEMENT, [id]))[0],
      nommer: neverAsked,
      projeterEtablissement: neverAsked,
    },
    auth: { trouverUtilisateur: async () => undefined, lireEtablissement: neverAsked, consentement: neverAsked, nommer: neverAsked },
    telephoneUrgence,
    clock,
  });
  const signatures = consultationSecret === undefined ? undefined : createJetonsSignature({ cle: createHmac('sha256', consultationSecret).update('consultation:signature').digest('base64url'), publicUrl, clock });
  const adresseSignature = (fichierId: string): string => {
    if (!signatures) throw new AppError('unimplemented'); // the address of another suite's signature would be a wrong answer
    return signatures.adresse(fichierId);
  };
  return {
    pool,
    clock,
    annuaire,
    vues: createVues({ annuaire, orientation: ecrireOrientation, adresseSignature }),
    numeros: createNumerosDossier({ prendreBloc: (jour, taille) => takeBlock(pool, jour, taille) }),
  };
}

export type FicheParts = ReturnType<typeof createFicheParts>;
