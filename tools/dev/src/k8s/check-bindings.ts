import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../checks.ts';
import { apply, mustApply } from './apply.ts';
import { faultOfAutoscaler, faultOfBudget } from './bindings.ts';
import type { Autoscaler, Budget } from './bindings.ts';
import type { K8sContext } from './context.ts';
import { inNamespace } from './objects.ts';

/**
 * Budgets find their pods, autoscalers what they scale, each as many as the manifests have; what an autoscaler decided
 * outlives an apply; and a field that somebody else holds is refused, so that an apply without a conflict means something.
 */
export async function checkBindings(context: K8sContext, namespace: string): Promise<Verdict> {
  const { kubectl, timeoutSeconds } = context;
  const objects = inNamespace(context.production, namespace);
  const wanted = (kind: string) => objects.filter((object) => object.kind === kind).length;
  const read = async () => {
    const [budgets, autoscalers] = [await kubectl.get<{ items: Budget[] }>(['pdb', '-n', namespace]), await kubectl.get<{ items: Autoscaler[] }>(['hpa', '-n', namespace])];
    return {
      faults: [...budgets.items.map(faultOfBudget), ...autoscalers.items.map(faultOfAutoscaler)].filter((fault) => fault !== undefined),
      bound: [budgets.items.length, autoscalers.items.length],
    };
  };
  let { faults, bound } = await read();
  for (let end = Date.now() + timeoutSeconds * 1000; faults.length > 0 && Date.now() < end;) {
    await sleep(1_000);
    ({ faults, bound } = await read());
  }
  if (bound[0] !== wanted('PodDisruptionBudget') || bound[1] !== wanted('HorizontalPodAutoscaler')) faults.push(`${bound.join(' and ')} budgets and autoscalers are there, not ${wanted('PodDisruptionBudget')} and ${wanted('HorizontalPodAutoscaler')}`);
  const others = [await replicasStay(context, namespace), await isGuarded(context, namespace)].filter((fault) => fault !== undefined);
  const all = [...faults, ...others];
  return { passed: bound[0]! + bound[1]! + 2 - all.length, failed: all.length, words: all.join('\n') };
}

/** A Deployment scaled by somebody keeps its replicas when the same manifests are applied again. */
async function replicasStay({ kubectl, production }: K8sContext, namespace: string): Promise<string | undefined> {
  const replicas = async () => Number(await kubectl.must(['get', 'deployment/auth', '-n', namespace, '-o', 'jsonpath={.spec.replicas}']));
  const scaled = (await replicas()) + 1;
  await kubectl.must(['scale', 'deployment/auth', `--replicas=${scaled}`, '-n', namespace]);
  await mustApply(kubectl, inNamespace(production, namespace), { namespace });
  const after = await replicas();
  return after === scaled ? undefined : `auth was scaled to ${scaled} replicas and an apply made them ${after}`;
}

/** Another manager that wants another image is refused by a conflict (nothing is kept: a dry run). */
async function isGuarded({ kubectl, production }: K8sContext, namespace: string): Promise<string | undefined> {
  const deployments = inNamespace(production, namespace).filter(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'auth');
  const other = JSON.parse(JSON.stringify(deployments).replaceAll(/"image":"[^"]*"/g, '"image":"example.org/other:1"')) as typeof deployments;
  const { ok, stderr } = await apply(kubectl, other, { namespace, dryRun: true, manager: 'somebody-else' });
  return !ok && /conflict/i.test(stderr) ? undefined : 'another manager changed the image of auth without a conflict';
}
