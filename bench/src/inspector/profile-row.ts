import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closedLoop } from '../load/closed-loop.ts';
import type { Bench } from '../measurement.ts';
import type { Row, Stock } from '../rows/row.ts';
import { requestsOf } from '../rows/write-request.ts';
import type { Target } from '../target/target.ts';
import { dearestFrames, type CpuProfile, type Frame } from './dearest-frames.ts';
import type { Inspector } from './inspector.ts';

const intervalUs = 500;

/**
 * CPU profiles of each Node process of a server while the row's closed loop runs.
 * @param folder keeps `<row>.<server>.<process>.cpuprofile`
 * @returns the ten dearest frames by process
 */
export async function profileRow(inspectors: Readonly<Record<string, Inspector>>, { bench, target, row, stock, seconds, folder }: { bench: Bench; target: Target; row: Row; stock: Stock; seconds: number; folder: string }): Promise<Record<string, Frame[]>> {
  mkdirSync(folder, { recursive: true });
  await row.restore?.(bench, stock);
  const next = await requestsOf(row, bench, stock);
  const all = Object.entries(inspectors);
  await Promise.all(all.map(async ([, inspector]) => {
    await inspector.send('Profiler.enable');
    await inspector.send('Profiler.setSamplingInterval', { interval: intervalUs });
    await inspector.send('Profiler.start');
  }));
  await closedLoop(target.url, next, { seconds, ...(row.most ? { most: row.most(stock) } : {}) });
  const found = await Promise.all(all.map(async ([name, inspector]) => {
    const { profile } = await inspector.send<{ profile: CpuProfile }>('Profiler.stop');
    await inspector.send('Profiler.disable');
    writeFileSync(join(folder, `${row.name}.${target.name}.${name}.cpuprofile`), JSON.stringify(profile));
    return [name, dearestFrames(profile)] as const;
  }));
  return Object.fromEntries(found);
}
