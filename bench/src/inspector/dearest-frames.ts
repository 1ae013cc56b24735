/** A CPU profile as the inspector gives it: the samples name nodes, the deltas are microseconds between them. */
export type CpuProfile = {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples?: number[];
  timeDeltas?: number[];
};

/** A function and the share (0 to 1) of the time, idle time left out, that was spent in itself. */
export type Frame = { name: string; at: string; ms: number; share: number };

/** Longer than this between two samples (they are taken every 500 µs) the process has waited for a core, not worked. */
const longestUs = 2_000;

/** Where the checkout lies is nobody's business: files are named from `node_modules/`, `services/`, `packages/` or `bench/`. */
const placeOf = (url: string, line: number): string => {
  const file = /(?:node_modules|services|packages|bench)\/.*$/.exec(url.replace(/^.*\/node_modules\//, 'node_modules/'))?.[0] ?? url;
  return file ? `${file}:${line + 1}` : '';
};

/** The frames in which a process spent most, the dearest first. */
export function dearestFrames({ nodes, samples = [], timeDeltas = [] }: CpuProfile, most = 10): Frame[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, { name: callFrame.functionName || '(anonymous)', at: placeOf(callFrame.url, callFrame.lineNumber) }]));
  const spent = new Map<string, { name: string; at: string; ms: number }>();
  let totalMs = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    if (!frame || frame.name === '(idle)') return;
    const ms = Math.min(timeDeltas[index] ?? 0, longestUs) / 1000;
    totalMs += ms;
    const key = `${frame.name} ${frame.at}`;
    const known = spent.get(key) ?? { ...frame, ms: 0 };
    known.ms += ms;
    spent.set(key, known);
  });
  return [...spent.values()].sort((a, b) => b.ms - a.ms).slice(0, most).map((frame) => ({ ...frame, share: frame.ms / Math.max(1e-9, totalMs) }));
}
