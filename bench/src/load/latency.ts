/** The value below which `share` (0 to 1) of the samples lie, by nearest rank; 0 of none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

export const median = (values: readonly number[]): number => percentile([...values].sort((a, b) => a - b), 0.5);

/** p50 and p99 of some times, in their unit. */
export function spread(times: readonly number[]): { p50: number; p99: number } {
  const sorted = Float64Array.from(times).sort();
  return { p50: percentile(sorted as unknown as number[], 0.5), p99: percentile(sorted as unknown as number[], 0.99) };
}
