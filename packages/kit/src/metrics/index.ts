export { createMetrics } from './create-metrics.ts';
export type { BreakerState, Exposition, Metrics } from './create-metrics.ts';
export type { SeriesMakers } from './make-series.ts';
export { createGaugeReader } from './read-gauges.ts';
