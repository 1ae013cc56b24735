import { isAway } from '@mediai/kit/errors';
import { FUSEAU_SUITE } from '../fiche/jour.ts';
import type { Annuaire, Etablissement, Horloge, Nom } from '../fiche/ports.ts';
import type { AnnuaireStore } from './annuaire-store.ts';
import type { AuthClient } from './auth-client.ts';

type Needs = {
  store: AnnuaireStore;
  auth: Pick<AuthClient, 'trouverUtilisateur' | 'lireEtablissement' | 'consentement' | 'nommer'>;
  /** Emergency number where the établissement has none or is not known here yet. */
  telephoneUrgence: string | null;
  clock: Horloge;
};

/** How long an établissement's settings are kept in memory. */
const GARDE_MS = 10_000;

/** Users and établissements: the projection first, auth where it must be known and is not. */
export function createAnnuaire({ store, auth, telephoneUrgence, clock }: Needs): Annuaire {
  const gardes = new Map<number, { etablissement: Etablissement | undefined; jusqua: number }>();

  async function projete(id: number): Promise<Etablissement | undefined> {
    const garde = gardes.get(id);
    if (garde && garde.jusqua > clock().getTime()) return garde.etablissement;
    const etablissement = await store.trouverEtablissement(id);
    gardes.set(id, { etablissement, jusqua: clock().getTime() + GARDE_MS });
    return etablissement;
  }

  /** An answer without names is an answer. */
  async function demanderNoms(ids: readonly number[]): Promise<Map<number, Nom>> {
    try {
      return ids.length === 0 ? new Map() : await auth.nommer(ids);
    } catch (error) {
      if (isAway(error)) return new Map();
      throw error;
    }
  }

  return {
    trouverUtilisateur: async (id) => (await store.trouverUtilisateur(id)) ?? auth.trouverUtilisateur(id),
    async etablissement(id) {
      const connu = await projete(id);
      return {
        id,
        nom: connu?.nom ?? null,
        telephoneUrgence: connu?.telephoneUrgence ?? telephoneUrgence,
        fuseau: connu?.fuseau ?? FUSEAU_SUITE,
        consentementIa: connu?.consentementIa ?? 'explicite',
      };
    },
    consentement: auth.consentement,
    async nommer(ids) {
      const connus = await store.nommer(ids);
      return new Map([...connus, ...(await demanderNoms(ids.filter((id) => !connus.has(id))))]);
    },
    consentementIa: async (id) => ((await store.trouverEtablissement(id)) ?? (await auth.lireEtablissement(id))).consentementIa,
  };
}
