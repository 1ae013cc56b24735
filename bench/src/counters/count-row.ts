import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../measurement.ts';
import type { Counts } from '../rows/measured.ts';
import type { Row, Stock } from '../rows/row.ts';
import { askOnce, requestsOf } from '../rows/write-request.ts';
import { settle } from '../suite/settle.ts';
import { sumOf } from './metrics-text.ts';

const series = { sql: 'db_query_duration_seconds_count', grpc: 'grpc_client_duration_seconds_count' } as const;

/** What each service has counted so far. */
async function readCounts(bench: Bench): Promise<Counts> {
  const texts = await Promise.all(Object.entries(await bench.services()).map(async ([name, { internalUrl }]) => [name, await (await fetch(`${internalUrl}/metrics`)).text()] as const));
  const of = (one: string): Record<string, number> => Object.fromEntries(texts.map(([name, text]) => [name, sumOf(text, one)]));
  return { sql: of(series.sql), grpc: of(series.grpc) };
}

/** Counts by one of `requests`, less what is counted anyway in so long: `idle` by second. What is below a twentieth is noise, and left out. */
export function perRequest(counted: Record<string, number>, idle: Record<string, number>, { requests, elapsedMs }: { requests: number; elapsedMs: number }): Record<string, number> {
  return Object.fromEntries(Object.entries(counted).flatMap(([name, count]) => {
    const each = (count - ((idle[name] ?? 0) * elapsedMs) / 1000) / requests;
    return each < 0.05 ? [] : [[name, Math.round(each * 100) / 100]];
  }));
}

const less = (after: Record<string, number>, before: Record<string, number>): Record<string, number> => Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]));

/** What the services count by second while nobody asks: they look for work at fixed intervals. */
export async function idleCounts(bench: Bench): Promise<Counts> {
  await settle(bench);
  const [before, began] = [await readCounts(bench), performance.now()];
  await sleep(bench.quick ? 1_000 : 10_000);
  const after = await readCounts(bench);
  const seconds = (performance.now() - began) / 1000;
  const bySecond = (name: keyof Counts): Record<string, number> => Object.fromEntries(Object.entries(less(after[name], before[name])).map(([service, count]) => [service, count / seconds]));
  return { sql: bySecond('sql'), grpc: bySecond('grpc') };
}

/**
 * Statements and calls of a request, from what the services count: so many requests one after the other, and what
 * follows on them in the second after (events that are published and taken, as many in one batch as there are).
 */
export async function countRow(bench: Bench, { row, stock, requests, idle }: { row: Row; stock: Stock; requests: number; idle: Counts }): Promise<Counts> {
  await row.restore?.(bench, stock);
  const next = await requestsOf(row, bench, stock);
  await settle(bench);
  const [before, began] = [await readCounts(bench), performance.now()];
  for (let n = 0; n < requests; n += 1) await askOnce(bench.gatewayUrl, next(n));
  if (row.method !== 'GET') await sleep(bench.quick ? 500 : 1_000);
  const after = await readCounts(bench);
  const extent = { requests, elapsedMs: performance.now() - began };
  return { sql: perRequest(less(after.sql, before.sql), idle.sql, extent), grpc: perRequest(less(after.grpc, before.grpc), idle.grpc, extent) };
}
