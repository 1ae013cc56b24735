import autocannon from 'autocannon';
import { cpuMs, memoryBytes } from './process-usage.ts';
import type { Operation } from './operations.ts';
import type { World } from './world.ts';

/** What one operation took. Times in milliseconds, `cpu` by process for one request, memory in bytes at its highest. */
export type Measured = { perSecond: number; p50: number; p99: number; failed: number; answered: number; cpu: Record<string, number>; memory: Record<string, number> };

export const connections = 16;

/** Asks as fast as answers come, on 16 connections, for so many seconds. */
export async function measure(operation: Operation, world: World, seconds: number): Promise<Measured> {
  let n = 0;
  const token = operation.as && world.tokens[operation.as];
  const before = eachPid(world, cpuMs);
  const memory = eachPid(world, memoryBytes);
  const probe = setInterval(() => {
    for (const [name, bytes] of Object.entries(eachPid(world, memoryBytes))) memory[name] = Math.max(memory[name] ?? 0, bytes);
  }, 1_000);
  const result = await autocannon({
    url: world.gatewayUrl, connections, duration: seconds,
    requests: [{
      method: operation.method,
      setupRequest: (request) => ({
        ...request, path: `/api/v1${operation.path(world, (n += 1))}`,
        headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(operation.body ? { 'content-type': 'application/json' } : {}) },
        ...(operation.body ? { body: JSON.stringify(operation.body()) } : {}),
      }),
    }],
  });
  clearInterval(probe);
  const answered = result['2xx'];
  const after = eachPid(world, cpuMs);
  const cpu = Object.fromEntries(Object.entries(after).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / Math.max(1, answered)]));
  return { perSecond: answered / result.duration, p50: result.latency.p50, p99: result.latency.p99, failed: result.non2xx + result.errors + result.timeouts, answered, cpu, memory };
}

export const eachPid = (world: World, read: (pid: number) => number): Record<string, number> => Object.fromEntries(Object.entries(world.pids).map(([name, pid]) => [name, read(pid)]));
