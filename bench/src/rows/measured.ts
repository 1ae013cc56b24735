import type { Load } from '../load/request.ts';
import type { TargetName } from '../target/target.ts';

/** An open loop at `share` of the capacity that the closed loop found; `rate` by second was asked for. */
export type OpenMeasured = Load & { share: number; rate: number };

/** What one server did of one row. */
export type TargetMeasured = Load & {
  /** CPU milliseconds by process for one answer of the closed loop, what the process does anyway included; `cpuTotal` of all of them. */
  cpu: Record<string, number>;
  cpuTotal: number;
  open: OpenMeasured[];
  /** Bytes allocated on the heaps of its Node processes for one answer, by process. */
  allocated?: Record<string, number>;
};

/** Statements and calls for one request asked by itself, by service; what the services do anyway is subtracted. */
export type Counts = { sql: Record<string, number>; grpc: Record<string, number> };

/** The suite's requests/s as a share of the others'. */
export type Ratios = { floor?: number; hop?: number };

/** One row, by server. A server that has no such row is missing. */
export type RowMeasured = {
  title: string;
  targets: Partial<Record<TargetName, TargetMeasured>>;
  ratios: Ratios;
  counts?: Counts;
  /** What is to be known of it: servers that answer otherwise than the suite. */
  notes: string[];
};

/** The suite's share of what the others do. */
export function ratiosOf(targets: RowMeasured['targets']): Ratios {
  const share = (name: 'floor' | 'hop'): Ratios => {
    const [suite, other] = [targets.suite, targets[name]];
    return suite && other && other.perSecond > 0 ? { [name]: suite.perSecond / other.perSecond } : {};
  };
  return { ...share('floor'), ...share('hop') };
}
