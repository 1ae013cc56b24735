import { join } from 'node:path';
import { writeDocs } from './capacity/write-docs.ts';
import type { Plan } from './command-line.ts';
import type { Bench, Measurement } from './measurement.ts';
import { profilesReport } from './report/profiles-report.ts';
import { thisMachine, writeReport, type Report } from './report/report.ts';
import { rowsReport } from './report/rows-report.ts';
import { measureRows } from './rows/measure-rows.ts';
import { paceOf } from './rows/pace.ts';
import { prepareStock } from './rows/prepare-stock.ts';
import { openBench } from './suite/open-bench.ts';
import { startTargets } from './target/start-targets.ts';

/** Where a run's JSON goes unless it is told, below the checkout. */
const defaultFile = (at: Date): string => join(import.meta.dirname, '../../.mediai/benchmarks', `${at.toISOString().replaceAll(/[:.]/g, '-')}.json`);

/**
 * Measures what the plan says on the suite that the environment names, prints it and writes it.
 * @returns whether all could be measured: a part that failed says so in the report, and the others go on
 */
export async function runPlan(plan: Plan, env: NodeJS.ProcessEnv): Promise<boolean> {
  const bench = openBench(env, { quick: plan.quick, log: (line) => console.log(line) });
  const at = new Date();
  const file = plan.json ?? defaultFile(at);
  const report: Report = { version: 1, at: at.toISOString(), machine: thisMachine(), quick: plan.quick, rows: {}, measurements: {}, profiles: {} };
  const texts = [headOf(report)];
  let isWhole = true;

  const part = async (title: string, measure: () => Promise<string>): Promise<void> => {
    bench.log(`… ${title}`);
    const text = await measure().catch((error: Error) => {
      isWhole = false;
      console.error(error.stack);
      return `Not measured: ${error.message}`;
    });
    texts.push(`## ${title}\n\n${text}`);
    writeReport(file, report); // a long run that is cut short keeps what it has found
  };
  const besides = (some: readonly Measurement[]): Promise<void> => inTurn(some, ({ name, title, run }) => part(title, async () => {
    const { table, json } = await run(bench);
    report.measurements[name] = json;
    if (plan.writeDocs && name === 'capacity') writeDocs(table);
    return table;
  }));

  await besides(plan.measurements.filter(({ beforeRows }) => beforeRows));
  if (plan.rows.length > 0) await part('Requests', async () => {
    Object.assign(report, await measureAllRows(bench, plan, file.replace(/\.json$/, '.profiles')));
    isWhole &&= Object.values(report.rows).every(({ targets }) => targets.suite);
    return rowsReport(report.rows);
  });
  if (plan.profile) texts.push(`## The dearest frames\n\n${profilesReport(report.profiles)}`);
  await besides(plan.measurements.filter(({ beforeRows }) => !beforeRows));
  console.log(`\n${texts.join('\n\n')}\n\n${file}`);
  return isWhole;
}

async function inTurn<T>(all: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  for (const one of all) await run(one);
}

async function measureAllRows(bench: Bench, { rows, quick, profile }: Plan, folder: string): Promise<Pick<Report, 'rows' | 'profiles'>> {
  const undos: (() => Promise<void>)[] = [];
  try {
    const stock = await prepareStock(bench, rows);
    const targets = await startTargets(bench, (undo) => void undos.push(undo));
    const measured = await measureRows(rows, { bench, pace: paceOf(quick), stock, targets, ...(profile ? { profiles: folder } : {}) });
    // In the order of the table, which is not that of measuring.
    return { ...measured, rows: Object.fromEntries(rows.flatMap(({ name }) => (measured.rows[name] ? [[name, measured.rows[name]]] : []))) };
  } finally {
    for (const undo of undos) await undo();
  }
}

function headOf({ at, machine, quick }: Report): string {
  return `Measured ${at.slice(0, 10)} on ${machine.cpus} × ${machine.model}, ${machine.memoryGb} GB, Node ${machine.node}, load ${machine.load.toFixed(1)} before it began${quick ? '; short measurements (--quick)' : ''}. Everything ran on this one machine: one replica of each service, PostgreSQL (fsync on), Kafka, Redis, the stand-ins of the models, and what asks.`;
}
