import { closedLoop } from '../load/closed-loop.ts';
import type { Bench } from '../measurement.ts';
import type { Row, Stock } from '../rows/row.ts';
import { requestsOf } from '../rows/write-request.ts';
import type { Target } from '../target/target.ts';
import type { Inspector } from './inspector.ts';

/** One sample for so many bytes on average. */
const samplingInterval = 16_384;

type SampledNode = { selfSize: number; children: SampledNode[] };

/** Bytes of a sampled heap profile: V8 has already scaled each sample by the chance that it was taken. */
export const bytesOf = ({ selfSize, children }: SampledNode): number => children.reduce((sum, child) => sum + bytesOf(child), selfSize);

/**
 * Bytes that each Node process of a server allocates on its heap for one answer, by V8's sampling allocation profiler,
 * objects collected meanwhile included. What lies outside of the heap (the memory of Buffers) is not in it.
 */
export async function sampleAllocations(inspectors: Readonly<Record<string, Inspector>>, { bench, target, row, stock, requests }: { bench: Bench; target: Target; row: Row; stock: Stock; requests: number }): Promise<Record<string, number>> {
  await row.restore?.(bench, stock);
  const next = await requestsOf(row, bench, stock);
  const all = Object.entries(inspectors);
  await Promise.all(all.map(([, inspector]) => inspector.send('HeapProfiler.startSampling', { samplingInterval, includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true })));
  const { answered } = await closedLoop(target.url, next, { seconds: 20, most: Math.min(requests, row.most?.(stock) ?? requests) });
  const bytes = await Promise.all(all.map(async ([name, inspector]) => {
    const { profile } = await inspector.send<{ profile: { head: SampledNode } }>('HeapProfiler.stopSampling');
    return [name, Math.round(bytesOf(profile.head) / Math.max(1, answered))] as const;
  }));
  return Object.fromEntries(bytes);
}
