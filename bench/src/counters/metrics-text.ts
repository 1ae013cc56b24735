/**
 * The sum of one series over all its labels, from the text that Prometheus reads.
 * @param series the whole name: a histogram's count ends with `_count`
 */
export function sumOf(text: string, series: string): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith(series) || !/^[ {]/.test(line.slice(series.length))) continue;
    // A value may be followed by an exemplar (after ` # `) or a time; labels may hold spaces.
    const value = Number(line.slice(line.lastIndexOf('}', line.includes(' # ') ? line.indexOf(' # ') : undefined) + 1).replace(series, '').trim().split(' ')[0]);
    if (Number.isFinite(value)) sum += value;
  }
  return sum;
}
