import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { Profiles } from '../rows/measure-rows.ts';
import type { RowMeasured } from '../rows/measured.ts';

export type Machine = { cpus: number; model: string; memoryGb: number; node: string; load: number };

/** All that a run has measured, as it is kept. Times in milliseconds, memory in bytes. */
export type Report = {
  version: 1;
  at: string;
  machine: Machine;
  quick: boolean;
  rows: Record<string, RowMeasured>;
  measurements: Record<string, unknown>;
  profiles: Profiles;
};

export const thisMachine = (): Machine => ({ cpus: cpus().length, model: cpus()[0]?.model.trim() ?? '', memoryGb: Math.round(totalmem() / 1024 ** 3), node: process.versions.node, load: loadavg()[0] ?? 0 });

export function writeReport(file: string, report: Report): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`);
}

/** @throws where the file is none that a run has written */
export function readReport(file: string): Report {
  const report = JSON.parse(readFileSync(file, 'utf8')) as Partial<Report>;
  if (report.version !== 1 || !report.rows) throw new Error(`${file} was not written by "npm run bench".`);
  return report as Report;
}
