import { capacityMeasurement } from './capacity/measure-capacity.ts';
import { exportsMeasurement } from './exports/measure-exports.ts';
import type { Measurement } from './measurement.ts';
import { steadyMeasurement } from './steady/measure-steady.ts';

/** All that `npm run bench` measures beside its rows, in the order of running; what fills databases comes last. */
export const measurements: readonly Measurement[] = [steadyMeasurement, capacityMeasurement, exportsMeasurement];
