import type { Asked } from './turns.ts';

/** When a process was killed and when it was gone, in milliseconds of `performance.now()`. */
export type Kill = { killedMs: number; goneMs: number };

/** Of the failed requests: those that were under way while the process died, and the others, which must not be. */
export type Losses = { asked: number; underWay: number; failedUnderWay: number; failedOthers: number; failures: Record<string, number> };

/** True for a request that began before the process was gone and ended after it was killed. */
export const wasUnderWay = ({ beganMs, endedMs }: Pick<Asked, 'beganMs' | 'endedMs'>, { killedMs, goneMs }: Kill): boolean => beganMs <= goneMs && endedMs >= killedMs;

export function countLosses(asked: readonly Asked[], kill: Kill): Losses {
  const failed = asked.filter(({ failure }) => failure !== undefined);
  const failures: Record<string, number> = {};
  for (const { failure = '' } of failed) failures[failure] = (failures[failure] ?? 0) + 1;
  const failedUnderWay = failed.filter((one) => wasUnderWay(one, kill)).length;
  return { asked: asked.length, underWay: asked.filter((one) => wasUnderWay(one, kill)).length, failedUnderWay, failedOthers: failed.length - failedUnderWay, failures };
}
