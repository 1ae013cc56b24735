/**
 * Writes openapi/kubernetes.json from the cluster that `kubectl` speaks to (KUBECONFIG): what the offline checks hold
 * every object against. Run it when the stated version changes: node --conditions=@mediai/source tools/deploy/src/openapi/renew.ts
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prune, type Kind, type Schema } from './prune.ts';

const kinds: Record<string, string[]> = {
  v1: ['ConfigMap', 'Namespace', 'PersistentVolumeClaim', 'Secret', 'Service', 'ServiceAccount'],
  'apps/v1': ['Deployment', 'StatefulSet'],
  'autoscaling/v2': ['HorizontalPodAutoscaler'],
  'batch/v1': ['CronJob', 'Job'],
  'networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'policy/v1': ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io/v1': ['Role', 'RoleBinding'],
};

const ask = (path: string): unknown => JSON.parse(execFileSync('kubectl', ['get', '--raw', path], { encoding: 'utf8', maxBuffer: 64e6 }));
const { major, minor } = ask('/version') as { major: string; minor: string };
const schemas: Record<string, Schema> = {};
for (const apiVersion of Object.keys(kinds)) {
  const path = apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
  Object.assign(schemas, (ask(`/openapi/v3/${path}`) as { components: { schemas: Record<string, Schema> } }).components.schemas);
}
const wanted = Object.entries(kinds).flatMap(([apiVersion, names]): Kind[] => {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return names.map((kind) => ({ group: group ?? '', version: version ?? '', kind }));
});
writeFileSync(join(import.meta.dirname, '../../openapi/kubernetes.json'), `${JSON.stringify(prune(`${major}.${minor}`, schemas, wanted))}\n`);
