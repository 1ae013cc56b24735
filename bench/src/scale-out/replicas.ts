import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../measurement.ts';
import type { Kill } from './loss.ts';

/** One more process of a service, as the launcher's control tells it. */
export type Replica = { pid: number; grpc: string; gatewayUrl: string };

/** Calls the launcher's control, which starts further processes of the suite's services. */
export async function control<T>(method: 'GET' | 'PUT' | 'DELETE', name: string, body?: { service: string; env: Record<string, string> }): Promise<T> {
  const response = await fetch(`${process.env['E2E_CONTROL_URL']}/replicas/${name}`, { method, ...(body ? { body: JSON.stringify(body) } : {}), signal: AbortSignal.timeout(120_000) });
  if (!response.ok) throw new Error(`${method} of replica ${name} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Two gateways and two consultations; every caller of consultation in the load names both. */
export type Pairs = { gateways: readonly string[]; names: readonly string[] };

/**
 * Starts a second consultation, two gateways that call both, and ia anew with both addresses, in its old place.
 * Ended by `endPairs`.
 */
export async function startPairs(bench: Bench): Promise<Pairs> {
  const { consultation, ia } = await bench.services();
  if (!consultation || !ia) throw new Error('consultation and ia must run');
  const second = await control<Replica>('PUT', 'consultation-2', { service: 'consultation', env: {} });
  const env = { CONSULTATION_GRPC: `ipv4:${consultation.grpc},${second.grpc}` };
  await bench.service('ia', 'stop');
  await control('PUT', 'ia-2', { service: 'ia', env: { ...env, GRPC_PORT: ia.grpc.split(':')[1] ?? '' } });
  const gateways: string[] = [];
  for (const name of ['gateway-1', 'gateway-2']) gateways.push((await control<Replica>('PUT', name, { service: 'gateway', env })).gatewayUrl);
  return { gateways, names: ['consultation-2', 'ia-2', 'gateway-1', 'gateway-2'] };
}

/** Leaves the suite as it was. */
export async function endPairs(bench: Bench): Promise<void> {
  for (const name of ['gateway-1', 'gateway-2', 'consultation-2', 'ia-2']) {
    if ((await fetch(`${process.env['E2E_CONTROL_URL']}/replicas/${name}`)).ok) await control('DELETE', name);
  }
  await bench.service('ia', 'start');
}

/** kill -9; it comes back by itself, as a pod does. Returns when it was killed and when it was gone. */
export async function killReplica(name: string): Promise<Kill> {
  const { pid } = await control<Replica>('GET', name);
  const killedMs = performance.now();
  process.kill(pid, 'SIGKILL');
  while (isThere(pid)) await sleep(1);
  return { killedMs, goneMs: performance.now() };
}

/** A zombie thread has let go of its connections; as long as one other thread lives they are open. */
const isThere = (pid: number): boolean => (ifThere(() => readdirSync(`/proc/${pid}/task`)) ?? []).some((thread) => {
  const stat = ifThere(() => readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')) ?? '';
  return !['', 'Z', 'X'].includes(stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3));
});

/** What is read of a process or a thread; undefined once it is gone. */
function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
