import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../measurement.ts';
import type { Counts } from '../rows/measured.ts';
import type { Row, Stock } from '../rows/row.ts';
import { askOnce, requestsOf } from '../rows/write-request.ts';
import { settle } from '../suite/settle.ts';
import { sumOf } from './metrics-text.ts';

const series = { sql: 'db_query_duration_seconds_count', grpc: 'grpc_client_duration_seconds_count' } as const;

const leastIdleMs = 1_000;

/** What each service has counted so far. */
async function readCounts(bench: Bench): Promise<Counts> {
  const texts = await Promise.all(Object.entries(await bench.services()).map(async ([name, { internalUrl }]) => [name, await (await fetch(`${internalUrl}/metrics`)).text()] as const));
  const of = (one: string): Record<string, number> => Object.fromEntries(texts.map(([name, text]) => [name, sumOf(text, one)]));
  return { sql: of(series.sql), grpc: of(series.grpc) };
}

/** Counts by one of `requests`, less what `idle` milliseconds without any would have counted in `elapsedMs`. What is below a twentieth is noise, and left out. */
export function perRequest(counted: Record<string, number>, idle: Record<string, number>, { requests, elapsedMs, idleMs }: { requests: number; elapsedMs: number; idleMs: number }): Record<string, number> {
  return Object.fromEntries(Object.entries(counted).flatMap(([name, count]) => {
    const each = (count - ((idle[name] ?? 0) * elapsedMs) / idleMs) / requests;
    return each < 0.05 ? [] : [[name, Math.round(each * 100) / 100]];
  }));
}

const less = (after: Record<string, number>, before: Record<string, number>): Record<string, number> => Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]));

/**
 * Statements and calls of a request, from what the services count: so many requests one after the other, and what
 * follows on them in the second after (events that are published and taken, as many in one batch as there are).
 */
export async function countRow(bench: Bench, row: Row, stock: Stock, requests: number): Promise<Counts> {
  await row.restore?.(bench, stock);
  const next = await requestsOf(row, bench, stock);
  await settle(bench);
  const before = await readCounts(bench);
  const began = performance.now();
  for (let n = 0; n < requests; n += 1) await askOnce(bench.gatewayUrl, next(n));
  if (row.method !== 'GET') await sleep(1_000);
  const after = await readCounts(bench);
  const elapsedMs = performance.now() - began;
  // What looks for work does so at fixed intervals: as long without requests tells how often.
  await settle(bench);
  const idleBefore = await readCounts(bench);
  const idleBegan = performance.now();
  await sleep(Math.min(Math.max(elapsedMs, leastIdleMs), bench.quick ? 2_000 : 10_000));
  const idleAfter = await readCounts(bench);
  const extent = { requests, elapsedMs, idleMs: performance.now() - idleBegan };
  return {
    sql: perRequest(less(after.sql, before.sql), less(idleAfter.sql, idleBefore.sql), extent),
    grpc: perRequest(less(after.grpc, before.grpc), less(idleAfter.grpc, idleBefore.grpc), extent),
  };
}
