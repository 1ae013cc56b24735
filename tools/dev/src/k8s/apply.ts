import { randomBytes } from 'node:crypto';
import type { KubeObject } from '@mediai/deploy';
import { Failure } from '../failure.ts';
import type { K8sContext } from './context.ts';
import { firstWords } from './kubectl.ts';
import type { Answer, Kubectl } from './kubectl.ts';
import { secretsOf } from './objects.ts';

/** The name under which the suite's own objects are applied. */
export const fieldManager = 'mediai';

type Applying = { namespace: string; dryRun?: boolean; manager?: string };

/** Applies objects server-side, never by force. The answer is kubectl's. */
export function apply(kubectl: Kubectl, objects: KubeObject[], { namespace, dryRun = false, manager = fieldManager }: Applying): Promise<Answer> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  return kubectl.run(['apply', '--server-side', `--field-manager=${manager}`, ...(dryRun ? ['--dry-run=server'] : []), '-n', namespace, '-f', '-'], list);
}

/** Applies, and throws a Failure with the server's words where it refuses or warns that a pod is not restricted. */
export async function mustApply(kubectl: Kubectl, objects: KubeObject[], options: Applying): Promise<void> {
  const fault = faultOf(await apply(kubectl, objects, options));
  if (fault) throw new Failure(fault);
}

/** Why an answer is no success; undefined where it is one. A warning of pod security is none: such a pod would be refused. */
export function faultOf({ ok, stderr }: Answer): string | undefined {
  if (!ok) return firstWords(stderr);
  return stderr.split('\n').find((line) => /would violate PodSecurity/.test(line))?.trim();
}

/** Secrets with every key that the pods ask for, and nothing that opens anything. */
export function throwAwaySecrets(objects: KubeObject[]): KubeObject[] {
  return [...secretsOf(objects)].map(([name, keys]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    stringData: Object.fromEntries([...keys].map((key) => [key, randomBytes(24).toString('hex')])),
  }));
}

/** Waits until every migration of these objects is complete. Returns their names. */
export async function untilMigrated({ kubectl, timeoutSeconds }: K8sContext, objects: KubeObject[], namespace: string): Promise<string[]> {
  const jobs = namesOf(objects, 'Job');
  await kubectl.must(['wait', '--for=condition=complete', ...jobs.map((name) => `job/${name}`), '-n', namespace, `--timeout=${timeoutSeconds}s`]);
  return jobs;
}

/** Waits until every rollout of these objects is ready. Returns the names of the Deployments. */
export async function untilRolledOut({ kubectl, timeoutSeconds }: K8sContext, objects: KubeObject[], namespace: string): Promise<string[]> {
  const names = namesOf(objects, 'Deployment');
  await Promise.all(names.map(async (name) => {
    const { ok, stderr } = await kubectl.run(['rollout', 'status', `deployment/${name}`, '-n', namespace, `--timeout=${timeoutSeconds}s`]);
    if (!ok) throw new Failure(`${name} did not become ready: ${await whyNot(kubectl, namespace, name) ?? firstWords(stderr)}`);
  }));
  return names;
}

/** The last warning that the cluster gave about a Deployment's pods. */
async function whyNot(kubectl: Kubectl, namespace: string, name: string): Promise<string | undefined> {
  type Event = { type: string; message: string; involvedObject: { name: string } };
  const { items } = await kubectl.get<{ items: Event[] }>(['events', '-n', namespace]);
  return items.filter(({ type, involvedObject }) => type === 'Warning' && involvedObject.name.startsWith(name)).at(-1)?.message;
}

const namesOf = (objects: KubeObject[], kind: string): string[] => objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
