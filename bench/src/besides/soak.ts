import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@mediai/db/admin';
import { ficheComplete } from '@mediai/testing';
import { openLoop } from '../load/open-loop.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { memoryBytes } from '../process/process-usage.ts';
import { call } from '../suite/call.ts';
import { waitUntil } from '../suite/wait-until.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { askAt, mixed, openAskWorld } from './asks.ts';
import { megabytes } from '../report/cells.ts';
import { only, serviceNames, sum } from './names.ts';

/** So much that services have work, and so little that no queue grows: memory shall tell of time alone. */
const perSecond = 40;
const [firstMs, lastMs] = [120_000, 600_000];

/** Memory of each service after two and after ten minutes of the same load. */
export const soak: Measurement = {
  name: 'soak',
  title: 'Memory under lasting load',
  notQuick: true,
  async run(bench) {
    const world = await openAskWorld(bench, await prepareFiches(bench, 20), await conversationsOf(bench));
    const pids = only(await bench.pids(), serviceNames);
    const load = openLoop(bench.gatewayUrl, (n) => askAt(mixed, n).of(world, n), { rate: perSecond, seconds: lastMs / 1_000 });
    const rss = () => Object.fromEntries(Object.entries(memoryBytes(pids)).map(([name, bytes]) => [name, bytes.rss]));
    await sleep(firstMs);
    const first = rss();
    bench.log(`soak: ${megabytes(sum(Object.values(first)))} MB after ${firstMs / 60_000} min`);
    await sleep(lastMs - firstMs - 1_000);
    const last = rss();
    const { answered, failed } = await load;
    return write(first, last, { perSecond, answered, failed });
  },
};

/** Some fiches of the demonstration patient, whose analyses have ended. */
async function prepareFiches(bench: Bench, count: number): Promise<number[]> {
  const token = await bench.token('patient');
  const ids: number[] = [];
  for (let n = 0; n < count; n += 1) ids.push((await call<{ id: number }>(bench.gatewayUrl, 'POST', '/fiche-consultation/', { token, body: ficheComplete() })).id);
  await waitUntil('the analyses of the first fiches end', () => withClient(bench.databaseUrl('consultation'), async (client) => (await client.query('SELECT FROM fiche_consultation WHERE id = ANY($1) AND analyse_en_cours', [ids])).rowCount === 0));
  return ids;
}

const conversationsOf = async (bench: Bench): Promise<number[]> =>
  (await call<{ results: { id: number }[] }>(bench.gatewayUrl, 'GET', '/conversations/?page_size=20', { token: await bench.token('medecin') })).results.map(({ id }) => id);

type Rss = Readonly<Record<string, number>>;

function write(first: Rss, last: Rss, load: { perSecond: number; answered: number; failed: number }) {
  const rows = [...Object.keys(first).map((name) => ({ name, first: first[name] ?? 0, last: last[name] ?? 0 })), { name: '**the six services**', first: sum(Object.values(first)), last: sum(Object.values(last)) }].map((row) => ({ ...row, ratio: row.last / row.first }));
  const table = markdownTable([`${load.perSecond} requests/s, mixed (${load.answered} answered, ${load.failed} failed)`, 'RSS after 2 min, MB', 'after 10 min, MB', 'ratio'], rows.map((row) => [row.name, megabytes(row.first), megabytes(row.last), row.ratio.toFixed(2)]));
  return { table, json: { ...load, services: rows } };
}
