import type { Verdict } from '../checks.ts';
import { mustApply, untilMigrated, untilRolledOut } from './apply.ts';
import type { K8sContext } from './context.ts';
import { imageOf, inNamespace, nextVersion, withVersion } from './objects.ts';
import { readRollouts, touched } from './rollouts.ts';

const service = 'consultation';

/** A release of one service changes its Deployment, makes one ReplicaSet for it, and touches no other. */
export async function checkOneService(context: K8sContext, namespace: string): Promise<Verdict> {
  const { kubectl } = context;
  const now = inNamespace(context.production, namespace);
  const next = withVersion(now, service, nextVersion(now, service));
  const before = await readRollouts(kubectl, namespace);
  await mustApply(kubectl, next, { namespace });
  await untilMigrated(context, next, namespace);
  await untilRolledOut(context, next, namespace);
  const after = await readRollouts(kubectl, namespace);
  const faults: string[] = [];
  const changed = touched(before, after);
  if (changed.join() !== service) faults.push(`a release of ${service} touched ${changed.join(', ') || 'nothing'}`);
  if (after[service]?.replicaSets.length !== (before[service]?.replicaSets.length ?? 0) + 1) faults.push(`${service} has ${after[service]?.replicaSets.length} ReplicaSets after one release`);
  const wanted = next.filter(({ kind, metadata }) => kind === 'Deployment' && metadata.name === service).map(imageOf).join();
  const running = await kubectl.must(['get', 'pods', '-n', namespace, '-l', `app.kubernetes.io/name=${service},app.kubernetes.io/component=service`, '--field-selector=status.phase=Running', '-o', 'jsonpath={.items[*].spec.containers[0].image}']);
  if (!running.split(' ').includes(wanted)) faults.push(`${service} runs ${running}, not ${wanted}`);
  const checked = Object.keys(after).length + 2;
  return { passed: checked - faults.length, failed: faults.length, words: faults.join('\n') };
}
