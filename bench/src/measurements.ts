import { answersMeasurement } from './answers/measure-answers.ts';
import { idle } from './besides/idle.ts';
import { relay } from './besides/relay.ts';
import { soak } from './besides/soak.ts';
import { stages } from './besides/stages.ts';
import { start } from './besides/start.ts';
import { capacityMeasurement } from './capacity/measure-capacity.ts';
import { exportsMeasurement } from './exports/measure-exports.ts';
import { growth } from './growth/growth.ts';
import type { Measurement } from './measurement.ts';
import { scaleOut } from './scale-out/scale-out.ts';
import { steadyMeasurement } from './steady/measure-steady.ts';

/** All that `npm run bench` measures beside its rows, in the order of running; what fills databases comes last. */
export const measurements: readonly Measurement[] = [
  { ...idle, beforeRows: true },
  answersMeasurement,
  stages,
  steadyMeasurement,
  relay,
  { ...start, notQuick: true },
  scaleOut,
  soak,
  capacityMeasurement,
  exportsMeasurement,
  growth,
];
