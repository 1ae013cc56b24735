import type { Crd } from './crd-sources.ts';

/** A JSON schema; only what is touched here is named. */
export type Schema = { [key: string]: unknown; type?: string; properties?: Record<string, Schema>; items?: Schema; additionalProperties?: Schema | boolean };

export type PrunedSchema = { file: string; schema: Schema };

const dropped = /^(description|default|example|externalDocs|title|x-kubernetes-.*)$/;

/**
 * The stored version of a definition as a JSON schema of whole objects: without prose and defaults, without `status`,
 * and closed: what a structural schema does not name is refused, as `kubectl apply` refuses it.
 * `metadata` stays open, for it is Kubernetes' own. Rules in CEL are left to a real API server.
 */
export function pruneCrd({ metadata, spec: { group, names, versions } }: Crd): PrunedSchema {
  const stored = versions.find(({ storage }) => storage);
  if (!stored) throw new Error(`${metadata.name} has no stored version`);
  const whole = close(stored.schema.openAPIV3Schema as Schema);
  const { status: _status, ...properties } = whole.properties ?? {};
  const typed = { ...properties, apiVersion: { const: `${group}/${stored.name}` }, kind: { const: names.kind }, metadata: { type: 'object' } };
  const required = new Set(['apiVersion', 'kind', 'metadata', ...((whole.required as string[] | undefined) ?? [])]);
  return { file: `${group}_${stored.name}_${names.kind}.json`, schema: { ...whole, properties: typed, required: [...required] } };
}

function close(schema: Schema): Schema {
  const kept = Object.fromEntries(Object.entries(schema).filter(([key]) => !dropped.test(key))) as Schema;
  if (schema['x-kubernetes-int-or-string']) return { ...without(kept, 'type', 'anyOf'), anyOf: [{ type: 'integer' }, { type: 'string' }] };
  if (schema.items) kept.items = close(schema.items);
  if (schema.properties) {
    kept.properties = Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, close(property)]));
    if (!schema['x-kubernetes-preserve-unknown-fields'] && !schema['x-kubernetes-embedded-resource']) kept.additionalProperties = false;
  }
  if (typeof schema.additionalProperties === 'object') kept.additionalProperties = close(schema.additionalProperties);
  return kept;
}

function without(schema: Schema, ...keys: string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)));
}
