import type { Acteur } from '@mediai/kit/acteur';
import { lirePage, type Page } from '@mediai/kit/page';
import { exiger, introuvable, porteeListe } from '../acces/acces.ts';
import type { EtablissementPage, EtablissementStore } from './etablissement-store.ts';
import type { Etablissement } from './etablissement.ts';

/** Settings of an établissement, for services, its admins and superusers. Throws `forbidden`, `not_found`. */
export function createGetEtablissement({ etablissements }: { etablissements: Pick<EtablissementStore, 'find'> }) {
  return async (acteur: Acteur, id: number): Promise<Etablissement> => {
    exiger(acteur, 'etablissement.lire', { etablissementId: id });
    const etablissement = await etablissements.find(id);
    if (!etablissement) throw introuvable('etablissement.lire');
    return etablissement;
  };
}

/** A page of établissements by id: all for a superuser, their own for an admin. Throws `forbidden`. */
export function createListEtablissements({ etablissements }: { etablissements: Pick<EtablissementStore, 'list'> }) {
  return async (acteur: Acteur, page: Page): Promise<EtablissementPage> => {
    exiger(acteur, 'etablissement.lister');
    return etablissements.list({ ...lirePage(page), id: porteeListe(acteur, 'etablissement.lister') });
  };
}
