import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Measurement } from '../measurement.ts';
import { freePort } from '../target/free-port.ts';
import { waitUntil } from '../suite/wait-until.ts';
import { markdownTable } from '../report/markdown-table.ts';

const root = join(import.meta.dirname, '../../..');

/** How long `npm start` takes until the suite is ready, in a state directory of its own that was started once before. */
export const start: Measurement = {
  name: 'start',
  title: 'Warm start',
  async run(bench) {
    const stateDir = join(bench.stateDir, 'start');
    const port = await freePort();
    try {
      const first = await startOnce(bench, stateDir, port);
      const warm: number[] = [];
      for (let n = 0; n < (bench.quick ? 1 : 3); n += 1) warm.push(await startOnce(bench, stateDir, port));
      const rows = [['the first, its databases made', first], ...warm.map((seconds) => ['warm', seconds] as const)] as const;
      return { table: markdownTable(['`npm start` to ready, beside the suite at rest', 'seconds'], rows.map(([name, seconds]) => [String(name), Number(seconds).toFixed(1)])), json: { firstSeconds: first, warmSeconds: warm } };
    } finally {
      await ended(launch('reset', stateDir, []));
    }
  },
};

/** Starts the suite as people do, waits until it says that it is ready, stops it. Returns seconds to ready. */
async function startOnce(bench: Bench, stateDir: string, port: number): Promise<number> {
  const began = performance.now();
  const child = launch('start', stateDir, ['--port', String(port), '--quiet']);
  const code = ended(child);
  const early = code.then((how) => Promise.reject(new Error(`npm start ended with ${how}`)));
  try {
    await Promise.race([waitUntil('npm start is ready', () => existsSync(join(stateDir, 'ready.json')), 180_000), early]);
  } catch (error) {
    child.kill('SIGINT');
    await code;
    throw error;
  }
  const seconds = (performance.now() - began) / 1_000;
  bench.log(`start: ready after ${seconds.toFixed(1)} s`);
  child.kill('SIGINT');
  const how = await code;
  if (how !== 0) throw new Error(`npm start was stopped and ended with ${how}`);
  return seconds;
}

/** The environment of a person: nothing that this suite or its tests were told. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(E2E_|TEST_|BENCH_|NODE_ENV$|NODE_OPTIONS$|MEDIAI_MODE$|MEDIAI_STATE_DIR$|MEDIAI_THROTTLES$)/.test(name)));
}

const launch = (command: string, stateDir: string, args: string[]): ChildProcess =>
  spawn(process.execPath, [join(root, 'tools/dev/launch.mjs'), command, '--state-dir', stateDir, ...args], { cwd: root, env: environment(), stdio: ['ignore', 'ignore', 'inherit'] });

async function ended(child: ChildProcess): Promise<number | string> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return code ?? signal ?? 'no code';
}
