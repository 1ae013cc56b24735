import { describe, expect, test } from '@jest/globals';
import { readObjects } from '@mediai/deploy';
import type { KubeObject } from '@mediai/deploy';
import { createSteps } from '../steps.ts';
import { checkBindings } from './check-bindings.ts';
import { checkFresh } from './check-fresh.ts';
import { checkOneService } from './check-one-service.ts';
import type { K8sContext } from './context.ts';
import type { Answer } from './kubectl.ts';

const production = ['auth', 'consultation'].flatMap((name) => readObjects(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, labels: {app.kubernetes.io/name: ${name}, app.kubernetes.io/version: 1.0.0}}
spec: {template: {spec: {containers: [{image: "x/${name}:1.0.0"}]}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}-migrate-1-0-0, labels: {app.kubernetes.io/name: ${name}, app.kubernetes.io/version: 1.0.0}}
spec: {template: {spec: {containers: [{image: "x/${name}:1.0.0"}]}}}
`));

type Faults = { refuse?: string; rollsAll?: boolean; takesReplicas?: boolean; stuck?: string; unguarded?: boolean };

/** An API server of a few lines, with faults on demand: it counts generations, as the real one does. */
function contextWith(faults: Faults = {}): K8sContext {
  const deployments = new Map<string, { image: string; generation: number; replicas: number }>();
  const yes = (stdout = ''): Answer => ({ ok: true, stdout, stderr: '' });
  const no = (stderr: string): Answer => ({ ok: false, stdout: '', stderr });
  const store = ({ items }: { items: KubeObject[] }) => {
    for (const { metadata, spec } of items.filter(({ kind }) => kind === 'Deployment')) {
      const { image } = (spec as { template: { spec: { containers: { image: string }[] } } }).template.spec.containers[0]!;
      const known = deployments.get(metadata.name);
      const isNew = known?.image !== image || faults.rollsAll;
      deployments.set(metadata.name, { image, generation: (known?.generation ?? 0) + (isNew ? 1 : 0), replicas: faults.takesReplicas ? 2 : (known?.replicas ?? 2) });
    }
  };
  const run = async (args: string[], input?: string): Promise<Answer> => {
    const [verb, what] = args;
    if (verb === 'apply' && args.includes('--dry-run=server')) return faults.unguarded ? yes() : no('error: Apply failed with 1 conflict');
    if (verb === 'apply') return faults.refuse ? no(faults.refuse) : (store(JSON.parse(input!) as { items: KubeObject[] }), yes());
    if (verb === 'rollout' && what && faults.stuck) return no(faults.stuck);
    if (verb === 'scale') return (deployments.get('auth')!.replicas = Number(args[2]!.split('=')[1])), yes();
    if (verb === 'get' && what === 'deployment/auth') return yes(String(deployments.get('auth')!.replicas));
    if (verb === 'get' && what === 'pods') return yes(deployments.get('consultation')!.image);
    if (verb === 'get' && what === 'deployments') return yes(JSON.stringify({ items: [...deployments].map(([name, { generation }]) => ({ metadata: { name, uid: name, generation } })) }));
    if (verb === 'get' && what === 'replicasets') return yes(JSON.stringify({ items: [...deployments].flatMap(([name, { generation }]) => Array.from({ length: generation }, (_, at) => ({ metadata: { name, uid: `${name}-${at}`, ownerReferences: [{ name }] } }))) }));
    if (verb === 'get') return yes(JSON.stringify({ items: [] }));
    return yes();
  };
  const must = async (args: string[], input?: string): Promise<string> => {
    const { ok, stdout, stderr } = await run(args, input);
    if (!ok) throw new Error(stderr);
    return stdout;
  };
  const kubectl = { run, must, get: async <T>(args: string[]) => JSON.parse(await must(['get', ...args])) as T };
  return { kubectl, cluster: { server: '', version: '', nodes: 1, isFaked: false }, env: {}, steps: createSteps(), stateDir: '', production, onEnd: () => undefined, timeoutSeconds: 1 };
}

/** The verdict of a check after a first apply that went well. */
async function after(check: typeof checkFresh, faults: Faults) {
  const quiet: Faults = {};
  const context = contextWith(quiet);
  await checkFresh(context, 'a');
  return check((Object.assign(quiet, faults), context), 'a');
}

describe('a fresh namespace', () => {
  test('counts its apply, its migrations and its rollouts', async () => {
    await expect(checkFresh(contextWith(), 'a')).resolves.toMatchObject({ passed: 5, failed: 0 });
  });

  test('fails in the words of the server', async () => {
    await expect(checkFresh(contextWith({ refuse: 'error: strict decoding error: unknown field "x"' }), 'a')).rejects.toThrow('unknown field "x"');
    await expect(checkFresh(contextWith({ stuck: 'error: timed out waiting for the condition' }), 'a')).rejects.toThrow(/did not become ready: error: timed out/);
  });
});

describe('a release of one service', () => {
  test('that rolls that service alone passes', async () => {
    expect(await after(checkOneService, {})).toMatchObject({ failed: 0 });
  });

  test('that touches another fails', async () => {
    expect((await after(checkOneService, { rollsAll: true })).words).toContain('touched auth, consultation');
  });
});

describe('what is bound', () => {
  test('passes where replicas stay and a foreign field is guarded', async () => {
    expect(await after(checkBindings, {})).toMatchObject({ failed: 0 });
  });

  test.each([[{ takesReplicas: true }, 'scaled to 3 replicas and an apply made them 2'], [{ unguarded: true }, 'without a conflict']])('%j fails', async (faults, words) => {
    expect((await after(checkBindings, faults)).words).toContain(words);
  });
});
