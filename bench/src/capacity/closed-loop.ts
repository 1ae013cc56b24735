import autocannon from 'autocannon';
import { cpuMs, memoryBytes } from './process-usage.ts';
import type { Operation } from './operations.ts';
import type { World } from './world.ts';

/** What one operation took. Times in milliseconds, `cpu` by process for one request, memory in bytes at its highest. */
export type Measured = { perSecond: number; p50: number; p99: number; failed: number; answered: number; cpu: Record<string, number>; memory: Record<string, number> };

export const connections = 16;

/** Asks as fast as answers come, on 16 connections, for so many seconds, or as often as the operation says. */
export async function measure(operation: Operation, world: World, seconds: number): Promise<Measured> {
  let n = 0;
  const before = eachPid(world, cpuMs);
  const memory = eachPid(world, memoryBytes);
  const probe = setInterval(() => {
    for (const [name, bytes] of Object.entries(eachPid(world, memoryBytes))) memory[name] = Math.max(memory[name] ?? 0, bytes);
  }, 1_000);
  const result = await autocannon({
    url: world.gatewayUrl, connections, ...(operation.amount ? { amount: operation.amount } : { duration: seconds }),
    requests: [{
      method: operation.method,
      setupRequest: (request) => ({ ...request, ...requestOf(operation, world, (n += 1)) }),
    }],
  });
  clearInterval(probe);
  const answered = result['2xx'];
  const after = eachPid(world, cpuMs);
  const cpu = Object.fromEntries(Object.entries(after).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / Math.max(1, answered)]));
  return { perSecond: answered / result.duration, p50: result.latency.p50, p99: result.latency.p99, failed: result.non2xx + result.errors + result.timeouts, answered, cpu, memory };
}

/** One request on its own, which must be answered well: what fails in the loop then fails of the load. */
export async function tryOnce(operation: Operation, world: World): Promise<void> {
  const { path, headers, body } = requestOf(operation, world, 0);
  const response = await fetch(`${world.gatewayUrl}${path}`, { method: operation.method, headers, ...(body === undefined ? {} : { body }) });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${operation.name} answered ${response.status}`);
}

function requestOf({ as, path, body }: Operation, world: World, n: number): { path: string; headers: Record<string, string>; body?: string } {
  const token = as && world.tokens[as];
  return {
    path: `/api/v1${path(world, n)}`,
    headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body()) } : {}),
  };
}

export const eachPid = (world: World, read: (pid: number) => number): Record<string, number> => Object.fromEntries(Object.entries(world.pids).map(([name, pid]) => [name, read(pid)]));
