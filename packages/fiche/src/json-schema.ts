import type { Champ } from './champ.ts';
import { CHAMPS } from './champs.ts';

/** A JSON Schema (2020-12) object. */
export type JsonSchema = { [cle: string]: unknown };

const PROPRIETE: Record<Champ['type'], (c: Champ) => JsonSchema> = {
  texte: (c) => ({ type: 'string', ...(c.max ? { maxLength: c.max } : {}) }),
  date: () => ({ type: 'string', format: 'date' }),
  choix: (c) => ({ type: 'string', enum: c.choix?.map((x) => x.valeur) }),
  booleen: () => ({ type: 'boolean' }),
  entier: () => ({ type: 'integer' }),
  decimal: () => ({ type: 'number' }),
};

/** Schema of one field as the API answers it; it holds no default, which a serializer would write for an absent value. */
export function schemaDeChamp(champ: Champ): JsonSchema {
  const base = PROPRIETE[champ.type](champ);
  const nullable = champ.nullable || !(champ.requis || champ.defaut !== undefined);
  return {
    ...base,
    ...(nullable ? { type: [base['type'], 'null'], ...(base['enum'] ? { enum: [...(base['enum'] as string[]), null] } : {}) } : {}),
    title: champ.libelle,
    ...(champ.unite ? { description: `en ${champ.unite}` } : {}),
  };
}

/** Schema of the client-writable part of a fiche as it is answered. */
export function schemaFiche(champs: readonly Champ[] = CHAMPS): JsonSchema {
  return { type: 'object', properties: Object.fromEntries(champs.map((c) => [c.nom, schemaDeChamp(c)])) };
}

/** Schema of a body that creates a fiche, as documented; `lireFiche` reads it more leniently (comma decimals, `""`). */
export function schemaCreation(champs: readonly Champ[] = CHAMPS): JsonSchema {
  const proprietes = champs.map((c) => [c.nom, { ...schemaDeChamp(c), ...(c.defaut !== undefined ? { default: c.defaut } : {}) }]);
  return { type: 'object', properties: Object.fromEntries(proprietes), title: 'FicheConsultation', required: champs.filter((c) => c.requis).map((c) => c.nom) };
}
