import { render } from '@mediai/deploy';
import type { Verdict } from '../checks.ts';
import { apply, faultOf } from './apply.ts';
import type { K8sContext } from './context.ts';
import { fetchCrds, readCrds, readCrdSources } from './crd-sources.ts';
import type { Crd } from './crd-sources.ts';
import { inNamespace } from './objects.ts';
import { combinations, titleOf, writeWrapper } from './wrap.ts';
import type { Combination } from './wrap.ts';

/**
 * Every overlay, with and without components, is taken by the API server, with the operators' own definitions installed. Those
 * that the cluster has already are left as they are; the others are removed at the end.
 */
export async function checkComponents(context: K8sContext, namespace: string): Promise<Verdict> {
  const { kubectl, stateDir } = context;
  await installCrds(context);
  const taken = async (combination: Combination): Promise<string | undefined> => {
    const objects = inNamespace(await render(writeWrapper(stateDir, combination)), namespace);
    const fault = faultOf(await apply(kubectl, objects, { namespace, dryRun: true }));
    return fault && `${titleOf(combination)}: ${fault}`;
  };
  const answers: (string | undefined)[] = [];
  for (const combination of combinations()) answers.push(await taken(combination));
  const faults = answers.filter((fault) => fault !== undefined);
  return { passed: answers.length - faults.length, failed: faults.length, words: faults.join('\n') };
}

/** Installs the definitions that the cluster has not, and waits until they are served. */
async function installCrds({ kubectl, env, steps, onEnd }: K8sContext): Promise<void> {
  // Whoever runs an operator keeps its version: nothing is changed under it.
  const present = new Set((await kubectl.get<{ items: { metadata: { name: string } }[] }>(['crd'])).items.map(({ metadata }) => metadata.name));
  const missing: Crd[] = [];
  for (const source of readCrdSources()) {
    await steps.run(`${source.name} ${source.version}`, async () => void missing.push(...readCrds(await fetchCrds(source, env)).filter(({ metadata }) => !present.has(metadata.name))));
  }
  if (missing.length === 0) return;
  const names = missing.map(({ metadata }) => `crd/${metadata.name}`);
  onEnd(async () => void (await kubectl.must(['delete', ...names, '--ignore-not-found'])));
  await kubectl.must(['apply', '--server-side', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: missing }));
  await kubectl.must(['wait', '--for=condition=Established', ...names, '--timeout=60s']);
}
