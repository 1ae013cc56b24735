import { create } from '@bufbuild/protobuf';
import { EtablissementChangedSchema } from '@mediai/contracts/auth/v1/events';
import type { Etablissement } from './etablissement.ts';

export const etablissementTopic = 'mediai.auth.etablissement.v1';

/** The settings of an établissement as the other services keep them. */
export function etablissementChanged({ id, nom, telephoneUrgence, fuseau, consentementIa, version }: Etablissement) {
  const message = create(EtablissementChangedSchema, { id, nom, telephoneUrgence: telephoneUrgence ?? undefined, fuseau, consentementIa, version });
  return { topic: etablissementTopic, key: String(id), schema: EtablissementChangedSchema, message };
}
