import type { Acteur } from '@mediai/kit/acteur';
import { invalid } from '@mediai/kit/errors';
import { lirePage, type Compte, type Page } from '@mediai/kit/page';
import { exigerGeste } from '../acces/gestes.ts';
import type { Annuaire } from '../fiche/ports.ts';
import { STATUTS_EFFACEMENT, type StatutEffacement } from './effacement.ts';
import type { EffacementStore, FiltreEffacements } from './ports.ts';
import { vueEffacement, type VueEffacement } from './vue-effacement.ts';

type Needs = { effacements: Pick<EffacementStore, 'list'>; annuaire: Pick<Annuaire, 'nommer'> };

/** Pages of requests: one's own, or for admins those of their établissement. */
export function createListEffacements({ effacements, annuaire }: Needs) {
  async function page(filtre: FiltreEffacements): Promise<{ vues: VueEffacement[] } & Compte> {
    const { effacements: demandes, ...compte } = await effacements.list(filtre);
    const noms = await annuaire.nommer([...new Set(demandes.map(({ user_id: id }) => id))]);
    return { vues: demandes.map((demande) => vueEffacement(demande, noms)), ...compte };
  }
  return {
    siennes: async (acteur: Acteur, demandee: Page) => {
      exigerGeste(acteur, 'effacement.suivre');
      return page({ userId: acteur.id, ...lirePage(demandee) });
    },
    /** @throws AppError forbidden by role, invalid for an unknown state */
    deLEtablissement: async (acteur: Acteur, demandee: Page & { statuts: readonly string[] }) => {
      exigerGeste(acteur, 'effacement.lister');
      const inconnus = demandee.statuts.filter((statut) => !STATUTS_EFFACEMENT.includes(statut as StatutEffacement));
      if (inconnus.length > 0) throw invalid({ statut: [`Choix attendus : ${STATUTS_EFFACEMENT.join(', ')}.`] });
      const statuts = demandee.statuts.length === 0 ? undefined : (demandee.statuts as StatutEffacement[]);
      return page({ etablissementId: acteur.etablissementId, statuts, ...lirePage(demandee) });
    },
  };
}

export type ListEffacements = ReturnType<typeof createListEffacements>;
