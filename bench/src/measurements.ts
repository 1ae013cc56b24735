import type { Measurement } from './measurement.ts';

/** All that `npm run bench` measures, in the order of running; what fills databases comes last. */
export const measurements: readonly Measurement[] = [];
