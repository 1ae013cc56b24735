import type { TargetName } from '../target/target.ts';

/** How long and how often is measured. Seconds of one round each. */
export type Pace = {
  rounds: number;
  warmSeconds: number;
  /** Answers that a server has given of a row before it is measured, unless its warm-up takes ten seconds longer than said: what answers fewer in a second is not to be measured colder. */
  warmAnswers: number;
  seconds: number;
  openSeconds: number;
  /** Whose open loop is measured. */
  openOf: readonly TargetName[];
  /** Requests that are asked one by one to count statements and calls. */
  counted: number;
  /** Requests whose allocations are sampled. */
  sampled: number;
  sampledOf: readonly TargetName[];
};

export const paceOf = (quick: boolean): Pace =>
  quick
    ? { rounds: 2, warmSeconds: 0.15, warmAnswers: 0, seconds: 0.35, openSeconds: 0.3, openOf: ['suite'], counted: 10, sampled: 16, sampledOf: ['suite'] }
    : { rounds: 3, warmSeconds: 1, warmAnswers: 3_000, seconds: 3, openSeconds: 4, openOf: ['suite'], counted: 30, sampled: 300, sampledOf: ['suite'] };
