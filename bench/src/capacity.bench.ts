/**
 * What one replica of each service does on this machine: requests of a closed loop of 16 connections, CPU and memory by
 * process, and the bytes that a fiche leaves. On a suite of its own. `BENCH_SECONDS=10` for longer measurements;
 * `npm run bench -- capacity --write-docs` puts the tables into docs/exploitation.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { connections, eachPid, measure, tryOnce, type Measured } from './capacity/closed-loop.ts';
import { operations } from './capacity/operations.ts';
import { memoryBytes } from './capacity/process-usage.ts';
import { someFiches, storedBy, waitingFiches, type Stored } from './capacity/storage.ts';
import { openWorld, post, type World } from './capacity/world.ts';
import { markdownTable } from './report/markdown-table.ts';

const seconds = Number(process.env['BENCH_SECONDS'] ?? 5);
const fileBytes = 100_000;
const megabytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(0);
const services = ['gateway', 'auth', 'consultation', 'ia', 'appointments', 'notifications', 'postgres', 'kafka', 'redis'];

/** Some fiches to read, with a file each. */
async function prepare(world: World): Promise<void> {
  const { ficheComplete } = await import('@mediai/testing');
  for (let n = 0; n < 20; n += 1) {
    const { id } = await post<{ id: number }>(world.gatewayUrl, '/fiche-consultation/', ficheComplete(), world.tokens.patient);
    const form = new FormData();
    form.set('fiche', String(id));
    form.set('file', new Blob([Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(fileBytes, 'x')])], { type: 'application/pdf' }), 'examen.pdf');
    world.attachments.push((await post<{ id: number }>(world.gatewayUrl, '/attachments/', form, world.tokens.patient)).id);
  }
  await untilAnalysed(world);
  world.fiches = await someFiches(world, 20);
}

/** Waits for the models' last answer. Returns milliseconds. */
async function untilAnalysed(world: World): Promise<number> {
  const began = performance.now();
  while ((await waitingFiches(world)) > 0) {
    if (performance.now() - began > 900_000) throw new Error('analyses do not end');
    await new Promise((wake) => setTimeout(wake, 200));
  }
  return performance.now() - began;
}

const world = await openWorld();
const load = loadavg()[0] ?? 0;
const idle = eachPid(world, memoryBytes);
await prepare(world);
const results: [string, Measured][] = [];
const highest = { ...idle };
let left = '';
for (const operation of operations) {
  const before = operation.amount ? await storedBy(world) : undefined;
  const began = performance.now();
  await tryOnce(operation, world);
  const measured = await measure(operation, world, seconds);
  results.push([operation.name, measured]);
  for (const name of services) highest[name] = Math.max(highest[name] ?? 0, measured.memory[name] ?? 0);
  console.log(`… ${operation.name}: ${measured.perSecond.toFixed(0)}/s`);
  if (!before) continue;
  await untilAnalysed(world);
  left = growth(before, await storedBy(world), performance.now() - began);
}

const cell = (ms: number | undefined): string => ((ms ?? 0) < 0.05 ? '' : (ms ?? 0).toFixed((ms ?? 0) < 10 ? 1 : 0));
const rows = results.map(([name, m]) => [name, m.perSecond.toFixed(0), m.p50.toFixed(0), m.p99.toFixed(0), String(m.failed), ...services.map((service) => cell(m.cpu[service]))]);
const tables = [
  `Measured ${new Date().toISOString().slice(0, 10)} on ${cpus().length} × ${cpus()[0]?.model.trim()}, ${(totalmem() / 1024 ** 3).toFixed(0)} GB, Node ${process.versions.node}, load ${load.toFixed(1)} before it began. Everything ran on this one machine: one replica of each service, PostgreSQL (fsync on), Kafka, Redis, the stand-ins of the models, and what asks. ${connections} connections, ${seconds} s each.`,
  markdownTable(['operation', 'requests/s', 'p50 ms', 'p99 ms', 'failed', ...services.map((service) => `${service}, CPU ms`)], rows),
  'CPU is what a process used during the measurement for each request answered, work behind the answer (events, analyses) and what it does anyway included: where few requests are answered, that is most of it.',
  markdownTable(['process', 'memory idle, MB', 'highest under load, MB'], services.map((service) => [service, megabytes(idle[service] ?? 0), megabytes(highest[service] ?? 0)])),
  left,
].join('\n\n');
console.log(`\n${tables}`);
if (process.env['BENCH_WRITE_DOCS'] === '1') writeDocs(tables);

/** What the fiches that were created left on disk, by 10 000 of them, and how long their analyses took. */
function growth(then: Stored, now: Stored, ms: number): string {
  const fiches = now.fiches - then.fiches;
  const by = (bytes: number): string => megabytes((bytes / fiches) * 10_000);
  const databases = Object.keys(now.databases).toSorted().map((name) => [`database of ${name}, indexes included`, by((now.databases[name] ?? 0) - (then.databases[name] ?? 0))]);
  return `${markdownTable(['10 000 complete fiches, analysed, leave', 'MB'], [...databases, ["Kafka's topics, one copy", by(now.kafka - then.kafka)]])}\n\nFrom ${fiches} fiches. Files come on top, byte for byte. Their analyses, of simulated models without delay and with \`IA_CONCURRENCY=4\`, had ended ${(ms / 1000).toFixed(0)} s after the first request, ${(fiches / (ms / 1000)).toFixed(0)}/s; real models take seconds each, and then \`IA_CONCURRENCY\` decides.`;
}

function writeDocs(text: string): void {
  const file = join(import.meta.dirname, '../../docs/exploitation.md');
  const [begin, end] = ['<!-- capacity:begin -->', '<!-- capacity:end -->'];
  const doc = readFileSync(file, 'utf8');
  if (!doc.includes(begin) || !doc.includes(end)) throw new Error(`${file} has no ${begin} … ${end}`);
  writeFileSync(file, `${doc.slice(0, doc.indexOf(begin) + begin.length)}\n${text}\n${doc.slice(doc.indexOf(end))}`);
}
