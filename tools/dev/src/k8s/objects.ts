import { isDeepStrictEqual } from 'node:util';
import { migrationJob } from '@mediai/deploy';
import type { KubeObject } from '@mediai/deploy';

type Container = { image: string; env?: { valueFrom?: { secretKeyRef?: { name: string; key: string } } }[] };
type PodSpec = { containers: Container[]; initContainers?: Container[]; volumes?: { secret?: { secretName: string; items?: { key: string }[] } }[] };

/** Kind and name, as kubectl writes it. */
export const nameOf = ({ kind, metadata }: KubeObject): string => `${kind}/${metadata.name}`;

/** The same objects in another namespace; the Namespace itself is left out. */
export function inNamespace(objects: KubeObject[], namespace: string): KubeObject[] {
  return objects.filter(({ kind }) => kind !== 'Namespace').map((object) => ({ ...object, metadata: { ...object.metadata, namespace } }));
}

/** What two renders of the same do not agree on, in words; empty where each object is the same in both. */
export function differences(ours: KubeObject[], theirs: KubeObject[]): string[] {
  const [a, b] = [ours, theirs].map((objects) => new Map(objects.map((object) => [`${object.apiVersion} ${nameOf(object)}`, object]))) as [Map<string, KubeObject>, Map<string, KubeObject>];
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return names.filter((name) => !isDeepStrictEqual(a.get(name), b.get(name))).map((name) => `${name}${a.has(name) && b.has(name) ? ' differs' : ` is only in ${a.has(name) ? 'the first' : 'the second'}`}`);
}

/**
 * The objects as the next release of one service has them: its image, its labels of version, and a migration of a new
 * name, for a Job cannot be changed.
 */
export function withVersion(objects: KubeObject[], service: string, version: string): KubeObject[] {
  return objects.map((object) => {
    if (object.metadata.labels?.['app.kubernetes.io/name'] !== service) return object;
    const text = JSON.stringify(object)
      .replaceAll(new RegExp(`("image":"[^"@]*/${service}):[^"@]+"`, 'g'), `$1:${version}"`)
      .replaceAll(/("app\.kubernetes\.io\/version":)"[^"]*"/g, `$1"${version}"`);
    const changed = JSON.parse(text) as KubeObject;
    if (changed.kind === 'Job') changed.metadata.name = migrationJob({ name: service, version });
    return changed;
  });
}

/** Keys by Secret that the pods of these objects refer to. */
export function secretsOf(objects: KubeObject[]): Map<string, Set<string>> {
  const secrets = new Map<string, Set<string>>();
  const add = (name: string, key: string) => void secrets.set(name, (secrets.get(name) ?? new Set()).add(key));
  for (const pod of objects.map(podOf).filter((spec) => spec !== undefined)) {
    for (const { env = [] } of [...pod.containers, ...(pod.initContainers ?? [])]) {
      for (const { valueFrom } of env) if (valueFrom?.secretKeyRef) add(valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key);
    }
    for (const { secret } of pod.volumes ?? []) for (const { key } of secret?.items ?? []) add(secret!.secretName, key);
  }
  return secrets;
}

/** The pod that a workload makes, if the object is one. */
export function podOf(object: KubeObject): PodSpec | undefined {
  return (object.spec as { template?: { spec?: PodSpec } } | undefined)?.template?.spec;
}

/** The image of the first container of a workload. */
export const imageOf = (object: KubeObject): string | undefined => podOf(object)?.containers[0]?.image;

/** The version that follows the one a service's objects have: its next patch. */
export function nextVersion(objects: KubeObject[], service: string): string {
  const version = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === service)?.metadata.labels?.['app.kubernetes.io/version'] ?? '';
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  if (patch === undefined) throw new Error(`${service} has no version in its labels`);
  return `${major}.${minor}.${Number(patch) + 1}`;
}
