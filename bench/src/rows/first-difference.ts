/** The last member's name before two JSON texts begin to differ: where the difference is, without what it holds. Undefined where they are equal. */
export function firstDifference(a: string, b: string): string | undefined {
  if (a === b) return undefined;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return [...a.slice(0, at).matchAll(/"(\w+)":/g)].at(-1)?.[1] ?? 'the beginning';
}
