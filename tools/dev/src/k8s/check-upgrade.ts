import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { readObjects } from '@mediai/deploy';
import type { KubeObject } from '@mediai/deploy';
import type { Verdict } from '../checks.ts';
import { root } from '../paths.ts';
import { mustApply, throwAwaySecrets, untilMigrated, untilRolledOut } from './apply.ts';
import type { K8sContext } from './context.ts';
import { inNamespace, nextVersion, nameOf, withVersion } from './objects.ts';

/** `production` as the last release had it. */
export const baselineFile = join(root, 'deploy/k8s/baseline.yaml');

/**
 * The manifests of the last release, then today's, then today's with every version one higher: each goes over the one
 * before without a conflict and without force, and rolls out.
 */
export async function checkUpgrade(context: K8sContext, namespace: string): Promise<Verdict> {
  const { kubectl, steps } = context;
  const baseline = inNamespace(readObjects(readFileSync(baselineFile, 'utf8')), namespace);
  const current = asReleased(baseline, inNamespace(context.production, namespace));
  const next = servicesOf(current).reduce((objects, service) => withVersion(objects, service, nextVersion(objects, service)), current);
  await mustApply(kubectl, throwAwaySecrets([...baseline, ...current]), { namespace });
  let passed = 0;
  for (const objects of [baseline, current, next]) {
    await mustApply(kubectl, objects, { namespace });
    passed += 1 + (await untilMigrated(context, objects, namespace)).length + (await untilRolledOut(context, objects, namespace)).length;
  }
  const left = leftBehind(baseline, current);
  if (left.length > 0) steps.print(`  No longer rendered, and left in a cluster until it is deleted there: ${left.join(', ')}`);
  return { passed, failed: 0, words: '' };
}

/** Today's objects as their release will have them: a service whose migration changed gets a new version with it. */
export function asReleased(baseline: KubeObject[], current: KubeObject[]): KubeObject[] {
  const jobs = new Map(baseline.filter(({ kind }) => kind === 'Job').map((job) => [job.metadata.name, job]));
  const changed = current.filter((object) => object.kind === 'Job' && jobs.has(object.metadata.name) && !isDeepStrictEqual(jobs.get(object.metadata.name), object));
  return changed.map(({ metadata }) => metadata.labels!['app.kubernetes.io/name']!).reduce((objects, service) => withVersion(objects, service, nextVersion(objects, service)), current);
}

/** What the last release had and today's has not; ConfigMaps and migrations, whose names change with what they hold, aside. */
export function leftBehind(baseline: KubeObject[], current: KubeObject[]): string[] {
  const names = new Set(current.map(nameOf));
  return baseline.filter((object) => !['ConfigMap', 'Job'].includes(object.kind)).map(nameOf).filter((name) => !names.has(name));
}

const servicesOf = (objects: KubeObject[]): string[] => objects.filter(({ kind, metadata }) => kind === 'Deployment' && metadata.labels?.['app.kubernetes.io/version']).map(({ metadata }) => metadata.name);
