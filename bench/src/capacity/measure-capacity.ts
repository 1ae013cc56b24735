import type { Bench, Measurement } from '../measurement.ts';
import { closedLoop, connections } from '../load/closed-loop.ts';
import { cpuMs, memoryBytes } from '../process/process-usage.ts';
import { measureRow } from '../rows/measure-row.ts';
import type { TargetMeasured } from '../rows/measured.ts';
import { prepareStock } from '../rows/prepare-stock.ts';
import type { Row, Stock } from '../rows/row.ts';
import { rows } from '../rows/rows.ts';
import { requestsOf } from '../rows/write-request.ts';
import { untilAnalysed } from '../suite/waiting-analyses.ts';
import { suiteTarget } from '../target/start-targets.ts';
import { capacityReport, growthReport } from './capacity-report.ts';
import { watchHighest } from './watch-highest.ts';
import { storedBy } from './storage.ts';

/** What docs/exploitation.md tells an operator of, in its order. */
const wanted = ['token', 'me', 'fiche-create', 'fiche-get', 'fiche-list', 'fiche-search', 'message-write', 'conversation-messages', 'file-download', 'fiche-pdf', 'appointment-list'];

/**
 * What one replica of each service does on this machine: some rows of the suite alone, all services running, with the
 * memory that they then hold, and the bytes that a fiche leaves.
 */
export const capacityMeasurement: Measurement = { name: 'capacity', title: 'Capacity of one replica', byNameOnly: true, run: measureCapacity };

async function measureCapacity(bench: Bench) {
  const seconds = bench.quick ? 1 : 5;
  const some = wanted.flatMap((name) => rows.filter((row) => row.name === name));
  const idle = memoryBytes(await bench.pids());
  const stock = await prepareStock(bench, some);
  const memory = await watchHighest(bench);
  const measured: Record<string, { title: string; suite: Omit<TargetMeasured, 'open'> }> = {};
  let left = '';
  for (const row of some) {
    if (row.name === 'fiche-create') {
      const before = await storedBy(bench);
      const began = performance.now();
      measured[row.name] = { title: 'create a complete fiche', suite: await createFiches(bench, row, stock, bench.quick ? 100 : 1_000) };
      await untilAnalysed(bench);
      left = growthReport(before, await storedBy(bench), performance.now() - began);
    } else {
      const pace = { rounds: 1, warmSeconds: seconds / 5, warmAnswers: bench.quick ? 0 : 1_000, seconds, openSeconds: 0, openOf: [], counted: 0, sampled: 0, sampledOf: [] };
      const { title, targets } = await measureRow({ bench, row, stock, pace }, [suiteTarget(bench)]);
      if (targets.suite) measured[row.name] = { title, suite: targets.suite };
    }
    bench.log(`… ${row.title}: ${measured[row.name]?.suite.perSecond.toFixed(0)}/s`);
  }
  const highest = memory.end();
  const table = capacityReport({ measured, idle, highest, seconds, connections, left });
  return { table, json: { rows: measured, memory: { idle, highest } } };
}

/** So many fiches, with their analyses under way at once. */
async function createFiches(bench: Bench, row: Row, stock: Stock, most: number): Promise<Omit<TargetMeasured, 'open'>> {
  const pids = await bench.pids();
  const before = cpuMs(pids);
  const load = await closedLoop(bench.gatewayUrl, await requestsOf(row, bench, stock), { seconds: 300, most });
  const cpu = Object.fromEntries(Object.entries(cpuMs(pids)).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / Math.max(1, load.answered)]));
  return { ...load, cpu, cpuTotal: Object.values(cpu).reduce((sum, ms) => sum + ms, 0) };
}
