/**
 * What `npm run bench` runs once its suite is up: `main.ts [--only …] [--quick] [--profile] [--json file]`. By itself:
 * `main.ts check …` says whether the words are understood, `main.ts compare a.json b.json` compares two runs.
 */
import { readPlan } from './command-line.ts';
import { compareReports } from './compare/compare.ts';
import { readReport } from './report/report.ts';
import { runPlan } from './run-plan.ts';

const [first, ...rest] = process.argv.slice(2);
try {
  if (first === 'compare') {
    const [a, b] = rest;
    if (!a || !b) throw new Error('Say which two: "npm run bench -- compare a.json b.json".');
    console.log(compareReports(readReport(a), readReport(b)));
  } else if (first === 'check') readPlan(rest);
  else if (!(await runPlan(readPlan(process.argv.slice(2)), process.env))) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`✗ ${(error as Error).message}\n`);
  if (process.env['MEDIAI_DEBUG']) process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
}
// Connections that are kept open must not keep a finished measurement.
setTimeout(() => process.exit(), 2_000).unref();
