/** What became of a while in which fiches were posted at a rate: counts of the while's second half. */
export type Trial = { rate: number; created: number; analysed: number; failed: number };

/** Whether analyses kept up: what waited at the end grew by less than a twentieth of what was posted (and a few that are under way). */
export const keepsUp = ({ created, analysed, failed }: Trial): boolean => failed === 0 && created - analysed <= Math.max(4, created * 0.05);

/** The highest rate that was kept up and the lowest that was not, from trials in any order; 0 and Infinity where there is none. */
export function bracket(trials: readonly Trial[]): { kept: number; lost: number } {
  const kept = Math.max(0, ...trials.filter(keepsUp).map(({ rate }) => rate));
  return { kept, lost: Math.min(...trials.filter((trial) => !keepsUp(trial)).map(({ rate }) => rate).filter((rate) => rate > kept)) };
}

/** The rate to be tried next: halfway, or half again as much while nothing was too much. */
export function nextRate(trials: readonly Trial[], first: number): number {
  if (trials.length === 0) return first;
  const { kept, lost } = bracket(trials);
  return lost === Infinity ? kept * 1.5 : (kept + lost) / 2;
}
