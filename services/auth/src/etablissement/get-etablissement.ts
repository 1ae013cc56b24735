import type { Acteur } from '@mediai/kit/acteur';
import { notFound } from '@mediai/kit/errors';
import type { EtablissementStore } from './etablissement-store.ts';
import type { Etablissement } from './etablissement.ts';

/** Settings of an établissement, for services, superusers and those who belong to it; `not_found` for everyone else. */
export function createGetEtablissement({ etablissements }: { etablissements: Pick<EtablissementStore, 'find'> }) {
  return async (acteur: Acteur, id: number): Promise<Etablissement> => {
    const mayRead = acteur.role === 'service' || acteur.estSuperuser || acteur.etablissementId === id;
    const etablissement = mayRead ? await etablissements.find(id) : undefined;
    if (!etablissement) throw notFound('etablissement.introuvable', 'Établissement introuvable.');
    return etablissement;
  };
}
