import { cpus, loadavg, totalmem } from 'node:os';
import { megabytes, ms, rate } from '../report/cells.ts';
import { markdownTable } from '../report/markdown-table.ts';
import type { TargetMeasured } from '../rows/measured.ts';
import type { Stored } from './storage.ts';
import type { Memory } from './watch-highest.ts';

type Input = { measured: Record<string, { title: string; suite: Omit<TargetMeasured, 'open'> }>; idle: Memory; highest: Memory; seconds: number; connections: number; left: string };

const processes = ['gateway', 'auth', 'consultation', 'ia', 'appointments', 'notifications', 'postgres', 'kafka', 'redis'];

/** The tables of docs/exploitation.md. */
export function capacityReport({ measured, idle, highest, seconds, connections, left }: Input): string {
  const cpu = (value: number | undefined): string => ((value ?? 0) < 0.05 ? '' : ms(value));
  const lines = Object.values(measured).map(({ title, suite }) => [title, rate(suite.perSecond), ms(suite.p50), ms(suite.p99), String(suite.failed), ...processes.map((name) => cpu(suite.cpu[name]))]);
  return [
    `Measured ${new Date().toISOString().slice(0, 10)} on ${cpus().length} × ${cpus()[0]?.model.trim()}, ${(totalmem() / 1024 ** 3).toFixed(0)} GB, Node ${process.versions.node}, load ${(loadavg()[0] ?? 0).toFixed(1)} when it ended. Everything ran on this one machine: one replica of each service, PostgreSQL (fsync on), Kafka, Redis, the stand-ins of the models, and what asks. ${connections} connections, ${seconds} s each.`,
    markdownTable(['operation', 'requests/s', 'p50 ms', 'p99 ms', 'failed', ...processes.map((name) => `${name}, CPU ms`)], lines),
    'CPU is what a process used during the measurement for each request answered, work behind the answer (events, analyses) and what it does anyway included: where few requests are answered, that is most of it.',
    markdownTable(['process', 'memory idle, MB', 'highest under load, MB'], processes.map((name) => [name, megabytes(idle[name]?.pss), megabytes(highest[name]?.pss)])),
    left,
  ].join('\n\n');
}

/** What the fiches that were created left on disk, by 10 000 of them, and how long their analyses took. */
export function growthReport(then: Stored, now: Stored, elapsedMs: number): string {
  const fiches = now.fiches - then.fiches;
  const by = (bytes: number): string => megabytes((bytes / fiches) * 10_000);
  const databases = Object.keys(now.databases).toSorted().map((name) => [`database of ${name}, indexes included`, by((now.databases[name] ?? 0) - (then.databases[name] ?? 0))]);
  const seconds = elapsedMs / 1000;
  return `${markdownTable(['10 000 complete fiches, analysed, leave', 'MB'], [...databases, ["Kafka's topics, one copy", by(now.kafka - then.kafka)]])}\n\nFrom ${fiches} fiches. Files come on top, byte for byte. Their analyses, of simulated models without delay and with \`IA_CONCURRENCY=4\`, had ended ${seconds.toFixed(0)} s after the first request, ${(fiches / seconds).toFixed(0)}/s; real models take seconds each, and then \`IA_CONCURRENCY\` decides.`;
}
