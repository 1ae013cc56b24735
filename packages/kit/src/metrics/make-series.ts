import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { whenTraceKept } from '../telemetry/kept-traces.ts';

/** Seconds: from a cached answer to a slow model. */
const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type SeriesMakers = ReturnType<typeof createSeriesMakers>;

/** What makes the series of a registry. */
export function createSeriesMakers(registry: Registry) {
  const registers = [registry];
  return {
    counter: <L extends string>(name: string, help: string, labelNames: readonly L[] = []) => new Counter({ name, help, labelNames, registers }),

    /** `collect` is called as the series are read: it sets the gauge from what is in memory, and waits for nothing. */
    gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = [], collect?: (self: Gauge<L>) => void): Gauge<L> {
      const made: Gauge<L> = new Gauge<L>({ name, help, labelNames, registers, ...(collect ? { collect: () => collect(made) } : {}) });
      return made;
    },

    histogram: <L extends string>(name: string, help: string, labelNames: readonly L[] = [], buckets = requestBuckets) =>
      new Histogram({ name, help, labelNames, buckets, registers }),

    /** A histogram whose buckets name a trace each: of the last observation, made inside a span, whose trace is exported. */
    traced<L extends string>(name: string, help: string, labelNames: readonly L[] = [], buckets = requestBuckets) {
      const made = new Histogram<L>({ name, help, labelNames, buckets, registers: [], enableExemplars: true }) as Histogram<L> & Exemplified;
      // Registered afterwards: the constructor refuses exemplars to a registry that writes Prometheus' text as well.
      registry.registerMetric(made as never);
      return {
        observe(labels: Partial<Record<L, string>>, value: number): void {
          made.observe({ labels, value, exemplarLabels: {} });
          whenTraceKept((traceId) => made.updateExemplar(labels, value, { trace_id: traceId }));
        },
      };
    },
  };
}

/** A trace is known to be kept after the observation, for which prom-client's types have no name. */
type Exemplified = { updateExemplar: (labels: object, value: number, exemplar: object) => void };
