import { EtablissementChangedSchema } from '@mediai/contracts/auth/v1/events';
import { on } from '@mediai/events';
import type { AnnuaireStore } from './annuaire-store.ts';

/** État of an établissement -> projection; versions make it repeatable. */
export function createEtablissementHandlers({ projeterEtablissement }: Pick<AnnuaireStore, 'projeterEtablissement'>) {
  return Object.fromEntries([
    on(EtablissementChangedSchema, ({ id, nom, telephoneUrgence, fuseau, consentementIa, version }) =>
      projeterEtablissement({ id, nom: nom || null, telephoneUrgence: telephoneUrgence ?? null, fuseau, consentementIa }, version)),
  ]);
}
