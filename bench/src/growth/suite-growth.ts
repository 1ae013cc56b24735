import { ficheComplete } from '@mediai/testing';
import { ecrireCurseur } from '../../../services/consultation/src/fiche/curseur.ts';
import { closedLoop } from '../load/closed-loop.ts';
import { median } from '../load/latency.ts';
import type { WireRequest } from '../load/request.ts';
import type { Bench } from '../measurement.ts';
import { cpuMs } from '../process/process-usage.ts';
import { waitUntil } from '../suite/wait-until.ts';
import { servedFrom, type Sized } from './databases.ts';
import { firstMs, rare } from './fill-fiches.ts';

/** Consultation has just been started: its code is compiled by what it serves first. */
const warm = { seconds: 10, most: 300 };
const [seconds, rounds] = [4, 3];
const base = '/api/v1/fiche-consultation/';

type Tokens = { patient: string; medecin: string };
const get = (token: string, path: string): WireRequest => ({ method: 'GET', path: `${base}${path}`, headers: { authorization: `Bearer ${token}` } });
const cursor = ecrireCurseur('-created_at', { id: 0, created_at: new Date(firstMs + 400 * 60_000), urgence: 'vert' });
const body = JSON.stringify(ficheComplete());

/** Requests by name. */
const asks: Readonly<Record<string, (tokens: Tokens, n: number, sized: Sized) => WireRequest>> = {
  'list of 20': ({ medecin }) => get(medecin, '?page_size=20'),
  'list of 20, cursor at the far end': ({ medecin }) => get(medecin, `?page_size=20&cursor=${cursor}`),
  'list with search': ({ medecin }) => get(medecin, `?page_size=20&search=${rare}`),
  get: ({ medecin }, n, { ids }) => get(medecin, `${ids[n % ids.length] ?? 0}/`),
  create: ({ patient }) => ({ method: 'POST', path: base, headers: { authorization: `Bearer ${patient}`, 'content-type': 'application/json' }, body }),
};

/** CPU milliseconds by request of all servers and databases together, and of PostgreSQL alone. */
export type Cost = { all: number; postgres: number; failed: number };

/**
 * What requests cost by size, as people send them, on 16 connections: medians over rounds in each of which consultation
 * serves from every size in turn. ia and consultation must be stopped.
 */
export async function measureSuite(bench: Bench, sizes: readonly Sized[]): Promise<Record<string, Cost[]>> {
  const found: Record<string, Cost[][]> = Object.fromEntries(Object.keys(asks).map((name) => [name, sizes.map(() => [])]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, sized] of sizes.entries()) {
      await servedFrom(bench, sized, async () => {
        for (const [name, cost] of Object.entries(await measureOnce(bench, sized))) found[name]?.[i]?.push(cost);
      });
      bench.log(`growth: round ${round + 1}, ${sized.size} fiches`);
    }
  }
  const middle = (costs: readonly Cost[], read: (cost: Cost) => number): number => median(costs.map(read));
  return Object.fromEntries(Object.entries(found).map(([name, bySize]) => [name, bySize.map((costs) => ({ all: middle(costs, ({ all }) => all), postgres: middle(costs, ({ postgres }) => postgres), failed: costs.reduce((sum, { failed }) => sum + failed, 0) }))]));
}

/** Its channel waits a while before it connects anew to what was away. */
const isAnswered = async (bench: Bench, token: string): Promise<boolean> => (await fetch(`${bench.gatewayUrl}${base}?page_size=1`, { headers: { authorization: `Bearer ${token}` } })).ok;

async function measureOnce(bench: Bench, sized: Sized): Promise<Record<string, Cost>> {
  const tokens = { patient: await bench.token('patient'), medecin: await bench.token('medecin') };
  await waitUntil('the gateway has found consultation again', () => isAnswered(bench, tokens.medecin));
  const pids = await bench.pids();
  const costs: Record<string, Cost> = {};
  for (const [name, ask] of Object.entries(asks)) {
    const next = (n: number): WireRequest => ask(tokens, n, sized);
    await closedLoop(bench.gatewayUrl, next, warm);
    const before = cpuMs(pids);
    const { answered, failed } = await closedLoop(bench.gatewayUrl, next, { seconds });
    const used = Object.entries(cpuMs(pids)).map(([process, ms]) => [process, ms - (before[process] ?? 0)] as const);
    const by = (wanted: (process: string) => boolean): number => used.reduce((sum, [process, ms]) => sum + (wanted(process) ? ms : 0), 0) / Math.max(1, answered);
    costs[name] = { all: by(() => true), postgres: by((process) => process === 'postgres'), failed };
  }
  return costs;
}
