/** Median time of one run, in milliseconds: `warm` runs that do not count, then `runs`. */
export async function medianMs(run: () => Promise<unknown>, { warm = 5, runs = 40 } = {}): Promise<number> {
  for (let i = 0; i < warm; i++) await run();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const began = performance.now();
    await run();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}
