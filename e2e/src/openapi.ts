import { ficheComplete } from '@mediai/testing';
import { call } from './client.ts';

type JsonSchema = { type?: string | string[]; properties?: Record<string, JsonSchema>; items?: JsonSchema; enum?: unknown[]; $ref?: string };
type Parameter = { name: string; in: 'path' | 'query' | 'header'; schema: JsonSchema };
type Operation = { requestBody?: { content: Record<string, { schema: JsonSchema; example?: Record<string, unknown> }> }; parameters?: Parameter[]; security?: unknown[] };
type Schema = { paths: Record<string, Record<string, Operation>>; components?: { schemas?: Record<string, JsonSchema> } };

/** An operation as an attacker reads it in the schema. */
export interface Target {
  readonly method: string;
  readonly path: string;
  readonly isPublic: boolean;
  /** A body that might be accepted; undefined where none is sent. */
  readonly body: Record<string, unknown> | undefined;
  /** Properties of the body that take text, as paths into it. */
  readonly texts: readonly (readonly string[])[];
  /** Parameters of the query. */
  readonly query: readonly string[];
}

const SAMPLES: Record<string, unknown> = { string: 'texte', integer: 1, number: 1.5, boolean: true, array: [], object: {} };
const typesOf = ({ type }: JsonSchema): string[] => [type ?? 'string'].flat();

/** Every operation of the running gateway. */
export async function readTargets(): Promise<Target[]> {
  const { body: schema } = await call<Schema>('GET', '/api/schema/');
  const resolve = (one: JsonSchema): JsonSchema => (one.$ref ? (schema.components?.schemas?.[one.$ref.split('/').at(-1) ?? ''] ?? {}) : one);
  return Object.entries(schema.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody, parameters = [], security = [] }]) => {
      const content = requestBody?.content['application/json'];
      const form = content && resolve(content.schema);
      const properties = form?.properties ?? {};
      const example = path.includes('fiche-consultation') && 'motif_consultation' in properties ? ficheComplete() : (content?.example ?? {});
      return {
        method: method.toUpperCase(),
        path,
        isPublic: security.length === 0,
        body: form && { ...Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, sampleOf(resolve(one))])), ...example },
        texts: textsOf(properties, resolve),
        query: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      };
    }),
  );
}

function sampleOf(schema: JsonSchema): unknown {
  const types = typesOf(schema);
  if (types.includes('null')) return null;
  return schema.enum?.[0] ?? SAMPLES[types[0] ?? 'string'];
}

function textsOf(properties: Record<string, JsonSchema>, resolve: (one: JsonSchema) => JsonSchema): string[][] {
  return Object.entries(properties).flatMap(([name, reference]) => {
    const one = resolve(reference);
    if (one.properties) return textsOf(one.properties, resolve).map((rest) => [name, ...rest]);
    return typesOf(one).includes('string') ? [[name]] : [];
  });
}

/** The body with one text in the place of another. */
export function withText(body: Record<string, unknown>, [name = '', ...rest]: readonly string[], text: unknown): Record<string, unknown> {
  const inner = body[name];
  const below = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  return { ...body, [name]: rest.length === 0 ? text : withText(below, rest, text) };
}
