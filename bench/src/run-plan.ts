import { join } from 'node:path';
import { writeDocs } from './capacity/write-docs.ts';
import type { Plan } from './command-line.ts';
import type { Bench } from './measurement.ts';
import { profilesReport } from './report/profiles-report.ts';
import { thisMachine, writeReport, type Report } from './report/report.ts';
import { rowsReport } from './report/rows-report.ts';
import { measureRows } from './rows/measure-rows.ts';
import { paceOf } from './rows/pace.ts';
import { prepareStock } from './rows/prepare-stock.ts';
import { measureIdle } from './suite/measure-idle.ts';
import { openBench } from './suite/open-bench.ts';
import { startTargets } from './target/start-targets.ts';

/** Where a run's JSON goes unless it is told, below the checkout. */
const defaultFile = (at: Date): string => join(import.meta.dirname, '../../.mediai/benchmarks', `${at.toISOString().replaceAll(/[:.]/g, '-')}.json`);

/** Measures what the plan says on the suite that the environment names, prints it and writes it. */
export async function runPlan(plan: Plan, env: NodeJS.ProcessEnv): Promise<void> {
  const bench = openBench(env, { quick: plan.quick, log: (line) => console.log(line) });
  const at = new Date();
  const file = plan.json ?? defaultFile(at);
  const report: Report = { version: 1, at: at.toISOString(), machine: thisMachine(), quick: plan.quick, idle: await measureIdle(bench), rows: {}, measurements: {}, profiles: {} };
  const texts = [headOf(report)];
  // Written after each part: a long run that is cut short keeps what it has found.
  const keep = (text: string): void => (texts.push(text), writeReport(file, report));

  if (plan.rows.length > 0) {
    Object.assign(report, await measureAllRows(bench, plan, file.replace(/\.json$/, '.profiles')));
    if (Object.values(report.rows).some(({ targets }) => !targets.suite)) process.exitCode = 1;
    keep(`## Requests\n\n${rowsReport(report.rows)}`);
    if (plan.profile) keep(`## The dearest frames\n\n${profilesReport(report.profiles)}`);
  }
  for (const { name, title, run } of plan.measurements) {
    bench.log(`… ${title}`);
    const { table, json } = await run(bench);
    report.measurements[name] = json;
    if (plan.writeDocs && name === 'capacity') writeDocs(table);
    keep(`## ${title}\n\n${table}`);
  }
  keep('');
  console.log(`\n${texts.join('\n\n')}\n${file}`);
}

async function measureAllRows(bench: Bench, { rows, quick, profile }: Plan, folder: string): Promise<Pick<Report, 'rows' | 'profiles'>> {
  const undos: (() => Promise<void>)[] = [];
  try {
    const stock = await prepareStock(bench, rows);
    const targets = await startTargets(bench, (undo) => void undos.push(undo));
    bench.log(`… ${rows.length} rows, of ${targets.map(({ name }) => name).join(', ')}`);
    const measured = await measureRows(rows, { bench, pace: paceOf(quick), stock, targets, ...(profile ? { profiles: folder } : {}) });
    // In the order of the table, which is not that of measuring.
    return { ...measured, rows: Object.fromEntries(rows.flatMap(({ name }) => (measured.rows[name] ? [[name, measured.rows[name]]] : []))) };
  } finally {
    for (const undo of undos) await undo();
  }
}

function headOf({ at, machine, quick, idle }: Report): string {
  const idleMs = Object.entries(idle).map(([name, ms]) => `${name} ${ms.toFixed(1)}`).join(', ');
  return `Measured ${at.slice(0, 10)} on ${machine.cpus} × ${machine.model}, ${machine.memoryGb} GB, Node ${machine.node}, load ${machine.load.toFixed(1)} before it began${quick ? '; short measurements (--quick)' : ''}. Everything ran on this one machine: one replica of each service, PostgreSQL (fsync on), Kafka, Redis, the stand-ins of the models, and what asks.\n\nCPU ms by second of each process while nobody asks: ${idleMs}.`;
}
