/** A schema of OpenAPI 3 or JSON schema, as far as pruning knows it. */
export type Schema = {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  const?: unknown;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  [word: string]: unknown;
};
export type Kind = { group: string; version: string; kind: string };
export type Pruned = { kubernetes: string; kinds: Record<string, string>; definitions: Record<string, Schema> };

const kept = ['type', 'enum', 'required', 'format'] as const;
/** What only the cluster writes. */
const ofTheCluster = new Set(['status', 'managedFields']);
const prefix = '#/components/schemas/';

export const keyOf = (apiVersion: string, kind: string): string => `${apiVersion} ${kind}`;

/**
 * The definitions that some kinds are made of, without words for people and without what only a cluster writes; a field
 * that a definition does not name is refused. Throws for a kind that is not there.
 */
export function prune(kubernetes: string, schemas: Record<string, Schema>, kinds: readonly Kind[]): Pruned {
  const definitions: Record<string, Schema> = {};
  const visit = (name: string): void => {
    if (definitions[name]) return;
    definitions[name] = {}; // a definition may refer to itself
    definitions[name] = reduce(schemas[name] ?? {}, visit);
  };
  const entries = kinds.map(({ group, version, kind }) => {
    const name = Object.keys(schemas).find((key) => (schemas[key]?.['x-kubernetes-group-version-kind'] as Kind[] | undefined)?.some((one) => one.group === group && one.version === version && one.kind === kind));
    if (!name) throw new Error(`the cluster knows no ${group}/${version} ${kind}`);
    visit(name);
    return [keyOf(group ? `${group}/${version}` : version, kind), name] as const;
  });
  return { kubernetes, kinds: Object.fromEntries(entries), definitions: Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => a.localeCompare(b))) };
}

function reduce(schema: Schema, visit: (name: string) => void): Schema {
  const inner = (one: Schema): Schema => reduce(one, visit);
  if (schema.$ref) {
    const name = schema.$ref.slice(prefix.length);
    visit(name);
    return { $ref: `#/definitions/${name}` };
  }
  if (schema.allOf?.length === 1) return inner(schema.allOf[0] as Schema);
  const reduced: Schema = Object.fromEntries(kept.filter((word) => schema[word] !== undefined).map((word) => [word, schema[word]]));
  if (schema.oneOf) reduced.oneOf = schema.oneOf.map(inner);
  if (schema.items) reduced.items = inner(schema.items);
  if (schema.properties) {
    reduced.properties = Object.fromEntries(Object.entries(schema.properties).filter(([name]) => !ofTheCluster.has(name)).map(([name, one]) => [name, inner(one)]));
    reduced.additionalProperties = false;
  } else if (typeof schema.additionalProperties === 'object') reduced.additionalProperties = inner(schema.additionalProperties);
  return reduced;
}
