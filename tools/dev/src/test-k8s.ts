/**
 * `npm run test:k8s`: deploy/k8s on the cluster that KUBECONFIG names, in namespaces of its own; outside `npm test`.
 * `--only fresh,upgrade`, `--without-components` where the operators' definitions cannot be fetched, `--timeout 300` (seconds).
 */
import { randomBytes } from 'node:crypto';
import { render } from '@mediai/deploy';
import type { Verdict } from './checks.ts';
import { main, readOptions } from './command-line.ts';
import { Failure, sentenceOf } from './failure.ts';
import { checkBindings } from './k8s/check-bindings.ts';
import { checkComponents } from './k8s/check-components.ts';
import { checkFresh } from './k8s/check-fresh.ts';
import { checkOneService } from './k8s/check-one-service.ts';
import { checkRender } from './k8s/check-render.ts';
import { checkUpgrade } from './k8s/check-upgrade.ts';
import type { K8sContext } from './k8s/context.ts';
import { describeCluster, findKubectl } from './k8s/kubectl.ts';
import { k8sDir } from './k8s/wrap.ts';
import { runSession } from './session.ts';
import { createSteps } from './steps.ts';
import { summary } from './summary.ts';
import type { Row } from './summary.ts';
import { wipe } from './wipe.ts';

type Check = { run(context: K8sContext, namespace: string): Promise<Verdict>; in?: 'production' | 'upgrade' | 'components'; after?: string };

/** The checks in their order; `in` is the namespace that they share, `after` the check whose state they go on from. */
const checks: Record<string, Check> = {
  render: { run: checkRender },
  fresh: { run: checkFresh, in: 'production' },
  bindings: { run: checkBindings, in: 'production', after: 'fresh' },
  'one service': { run: checkOneService, in: 'production', after: 'fresh' },
  upgrade: { run: checkUpgrade, in: 'upgrade' },
  components: { run: checkComponents, in: 'components' },
};

/** What no check can show where nothing runs in a pod. */
const ofFakedPods = `  The nodes of this cluster are played by kwok: a pod is Ready and a Job complete because kwok says so. Not shown here: that
  images exist and start, that probes are answered, that a pod waits for its migration (its readiness does: the check
  "schema", tested on the services themselves), that network policies keep anybody out.`;

await main(async () => {
  const { values, stateDir } = readOptions({ only: { type: 'string' }, 'without-components': { type: 'boolean' }, timeout: { type: 'string', default: '300' } }, undefined, '.mediai/k8s');
  const asked = chosen(values.only, values['without-components'] === true);
  const kubectl = findKubectl(process.env);
  const cluster = await describeCluster(kubectl);
  await wipe(stateDir, process.env);
  const steps = createSteps();
  const began = Date.now();
  return runSession(stateDir, async (session) => {
    steps.print(`  Kubernetes ${cluster.version} at ${cluster.server}, ${cluster.nodes} nodes`);
    const namespaces = new Map<string, Promise<string>>();
    const freshNamespace = async (purpose: string): Promise<string> => {
      const name = `mediai-test-${purpose}-${randomBytes(3).toString('hex')}`;
      session.onEnd(() => steps.run(`remove ${name}`, async () => void (await kubectl.must(['delete', 'namespace', name, '--ignore-not-found', '--timeout=120s']))));
      const labels = Object.fromEntries(['enforce', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']));
      await kubectl.must(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }));
      return name;
    };
    const shared = (purpose: string) => namespaces.get(purpose) ?? namespaces.set(purpose, freshNamespace(purpose)).get(purpose)!;
    const production = await render(`${k8sDir}/overlays/production`);
    const context: K8sContext = { kubectl, cluster, env: process.env, steps, stateDir, production, onEnd: session.onEnd, timeoutSeconds: Number(values.timeout) };
    const rows: Row[] = [];
    for (const [name, { run, in: purpose, after }] of asked) {
      if (after && rows.some((row) => row.name === after && row.failed > 0)) continue;
      const start = Date.now();
      const verdict = await steps.run(name, async () => run(context, purpose ? await shared(purpose) : '').catch((error): Verdict => ({ passed: 0, failed: 1, words: sentenceOf(error, stateDir) })), ({ failed }) => failed === 0);
      session.signal.throwIfAborted();
      if (verdict.failed > 0) steps.print(`\n── ${name} ──\n${verdict.words}\n`);
      rows.push({ name, ms: Date.now() - start, ...verdict });
    }
    if (cluster.isFaked) steps.print(`\n${ofFakedPods}`);
    console.log(summary(rows, Date.now() - began));
    return rows.some((row) => row.failed > 0) ? 1 : 0;
  });
});

/** The checks that were asked for, and those that they go on from. */
function chosen(only: string | undefined, withoutComponents: boolean): [string, Check][] {
  const names = only?.split(',') ?? Object.keys(checks).filter((name) => !(withoutComponents && name === 'components'));
  const unknown = names.filter((name) => !(name in checks));
  if (unknown.length > 0) throw new Failure(`No such check: ${unknown.join(', ')}; known are ${Object.keys(checks).join(', ')}.`);
  const needed = new Set(names.flatMap((name) => [checks[name]!.after, name]));
  return Object.entries(checks).filter(([name]) => needed.has(name));
}
