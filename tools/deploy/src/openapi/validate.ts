import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { KubeObject } from '../render.ts';
import { root } from '../services.ts';
import { keyOf, type Pruned } from './prune.ts';

/** Version of Kubernetes whose definitions are committed. */
export const kubernetesVersion = '1.36';

/** Operators are written in Go, whose patterns may say `(?i)`. */
const goRegExp = Object.assign((pattern: string, flags: string) => new RegExp(pattern.replace('(?i)', ''), pattern.includes('(?i)') ? `${flags}i` : flags), { code: 'goRegExp' });

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/**
 * What is wrong with the form of objects: by the definitions of Kubernetes, and by those that operators publish for
 * their own kinds (deploy/k8s/crds, `<group>_<version>_<kind>.json`). A kind that neither knows is a fault.
 */
export function createValidator(): (objects: readonly KubeObject[]) => string[] {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, code: { regExp: goRegExp } });
  const pruned = read(join(import.meta.dirname, '../../openapi/kubernetes.json')) as Pruned;
  if (pruned.kubernetes !== kubernetesVersion) throw new Error(`openapi/kubernetes.json is of ${pruned.kubernetes}, not of ${kubernetesVersion}`);
  ajv.addSchema({ $id: 'kubernetes', definitions: pruned.definitions });
  const custom = new Map(globSync('deploy/k8s/crds/*_*_*.json', { cwd: root }).map((file) => {
    const [group, version, kind] = basename(file, '.json').split('_');
    return [keyOf(`${group}/${version}`, kind ?? ''), join(root, file)];
  }));
  const compiled = new Map<string, ValidateFunction>();

  function find(key: string): ValidateFunction | undefined {
    const name = pruned.kinds[key];
    const file = custom.get(key);
    const schema = name ? { $ref: `kubernetes#/definitions/${name}` } : file ? (read(file) as object) : undefined;
    if (schema && !compiled.has(key)) compiled.set(key, ajv.compile(schema));
    return compiled.get(key);
  }

  return (objects) => objects.flatMap((object) => {
    const title = `${object.kind} ${object.metadata?.name}`;
    const validate = find(keyOf(object.apiVersion, object.kind));
    if (!validate) return [`${title}: ${object.apiVersion} ${object.kind} is of no known definition`];
    if (validate(object)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => `${title}: ${instancePath || '/'} ${message} ${JSON.stringify(params)}`);
  });
}
