import { withClient } from '@mediai/db/admin';
import { ficheComplete } from '@mediai/testing';
import type { Bench, Measurement } from '../measurement.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { call } from '../suite/call.ts';
import { waitUntil } from '../suite/wait-until.ts';
import { withoutIa } from '../suite/without-ia.ts';
import { dropSized, makeSized, type Sized } from './databases.ts';
import { measureStore } from './store-growth.ts';
import { measureSuite, type Cost } from './suite-growth.ts';

/** `BENCH_GROWTH=1000,10000` for other sizes. */
const sizes = (process.env['BENCH_GROWTH'] ?? '10000,100000,1000000').split(',').map(Number);

/** What list, search, get and create cost as the table of fiches grows: through the suite, and of the store alone. */
export const growth: Measurement = {
  name: 'growth',
  title: 'Growth',
  byNameOnly: true,
  notQuick: true,
  async run(bench) {
    const model = await analysedFiche(bench);
    return withoutIa(bench, async () => {
      await bench.service('consultation', 'stop');
      let made: Sized[] = [];
      try {
        made = await makeSized(bench, sizes, model);
        const suite = await measureSuite(bench, made);
        return write(suite, await measureStore(made));
      } finally {
        await dropSized(bench, made);
        await bench.service('consultation', 'start');
      }
    });
  },
};

/** A fiche as people write it, its analysis ended. */
async function analysedFiche(bench: Bench): Promise<number> {
  const { id } = await call<{ id: number }>(bench.gatewayUrl, 'POST', '/fiche-consultation/', { token: await bench.token('patient'), body: ficheComplete() });
  await waitUntil('the analysis ends', () => withClient(bench.databaseUrl('consultation'), async (client) => (await client.query("SELECT FROM fiche_consultation WHERE id = $1 AND status = 'analyse_terminee'", [id])).rowCount === 1));
  return id;
}

function write(suite: Record<string, Cost[]>, store: Record<string, number[]>) {
  const ratios = (values: readonly number[]): number[] => values.slice(1).map((value) => value / (values[0] ?? Number.NaN));
  const row = (name: string, values: readonly number[]): string[] => [name, ...values.map((value) => value.toFixed(2)), ...ratios(values).map((ratio) => `${ratio.toFixed(2)} x`)];
  const head = (what: string): string[] => [what, ...sizes.map(String), ...sizes.slice(1).map((size) => `${size} / ${sizes[0]}`)];
  const failed = Object.values(suite).flat().reduce((sum, cost) => sum + cost.failed, 0);
  const table = [
    markdownTable(head(`CPU ms by request, all servers and databases (${failed} failed)`), Object.entries(suite).map(([name, costs]) => row(name, costs.map(({ all }) => all)))),
    markdownTable(head('of them PostgreSQL'), Object.entries(suite).map(([name, costs]) => row(name, costs.map(({ postgres }) => postgres)))),
    markdownTable(head('of the store alone, median ms'), Object.entries(store).map(([name, times]) => row(name, times))),
  ].join('\n\n');
  return { table, json: { sizes, suite, store } };
}
