import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createSeriesMakers, type SeriesMakers } from './make-series.ts';
import { writeOpenMetrics } from './open-metrics.ts';

const taskBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

export type Metrics = ReturnType<typeof createMetrics>;
export type BreakerState = 'closed' | 'half_open' | 'open';
const breakerValues: Record<BreakerState, number> = { closed: 0, half_open: 1, open: 2 };

/** What an endpoint answers with. */
export type Exposition = { type: string; body: string };

/**
 * The registry of a service and the series that every service has, named here once; each carries the label `service`.
 * What a part of the suite adds (`once`) and what a service adds are made with `counter`, `gauge`, `histogram` and
 * `traced`. Labels hold no identifying value. docs/metriques.md lists all.
 * @param version of the service, for `build_info`
 */
export function createMetrics(service: string, version?: string) {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  // The event loop's delay is looked at 20 times a second; prom-client's own 100 times are a fifth of what an idle process does.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 50 });
  const makers = createSeriesMakers(registry);
  const { counter, gauge, histogram, traced } = makers;
  const families = new Map<unknown, unknown>();

  const tasks = counter('tasks_total', 'Asynchronous work, by outcome.', ['task', 'state']);
  const taskDuration = traced('task_duration_seconds', 'Time spent on asynchronous work.', ['task'], taskBuckets);
  const breakerState = gauge('breaker_state', 'Circuit breakers: 0 closed, 1 half-open, 2 open.', ['breaker']);
  gauge('build_info', 'Always 1; the version that runs.', ['version']).set({ version: version ?? 'unknown' }, 1);
  let elu = performance.eventLoopUtilization();
  gauge('process_event_loop_utilization_ratio', 'Share of the time since the last scrape in which the event loop was busy.', [], (self) => {
    const now = performance.eventLoopUtilization();
    self.set(performance.eventLoopUtilization(now, elu).utilization);
    elu = now;
  });

  return {
    registry,
    ...makers,
    apiRequests: counter('api_requests_total', 'HTTP requests answered.', ['method', 'route', 'status']),
    apiRequestDuration: traced('api_request_duration_seconds', 'Time to answer an HTTP request.', ['method', 'route']),
    apiErrors: counter('api_errors_total', 'HTTP requests answered with an error, by its code.', ['method', 'route', 'code']),
    whatsappNotificationsSent: counter('whatsapp_notifications_sent', 'WhatsApp messages handed to the provider, by outcome.', ['status']),
    iaAnalyses: counter('ia_analyses_total', 'Analyses by outcome.', ['status']),
    outboxBacklog: gauge('outbox_backlog', 'Events committed and not yet published.'),
    consumerLag: gauge('consumer_lag', 'Events published and not yet consumed.', ['group', 'topic']),
    grpcServerDuration: traced('grpc_server_duration_seconds', 'Time to answer a gRPC call.', ['method', 'code']),
    grpcClientDuration: histogram('grpc_client_duration_seconds', 'Time a gRPC call took, as the caller saw it.', ['method', 'code']),
    cacheRequests: counter('cache_requests_total', 'Cache reads: hit, miss or failed (Redis away).', ['outcome']),
    tasks,
    taskDuration,
    breakerState,

    /** Sets `breaker_state` of a named breaker. */
    setBreaker(breaker: string, state: BreakerState): void {
      breakerState.set({ breaker }, breakerValues[state]);
    },

    /** Runs asynchronous work, counting it as `started`, then `succeeded` or `failed`, with its duration. */
    async task<T>(task: string, fn: () => Promise<T>): Promise<T> {
      tasks.inc({ task, state: 'started' });
      const startedMs = performance.now();
      try {
        const result = await fn();
        tasks.inc({ task, state: 'succeeded' });
        return result;
      } catch (error) {
        tasks.inc({ task, state: 'failed' });
        throw error;
      } finally {
        taskDuration.observe({ task }, (performance.now() - startedMs) / 1_000);
      }
    },

    /** The series of a part that only some processes have: made by the first that asks, the same for all who ask. */
    once<T>(create: (makers: SeriesMakers) => T): T {
      if (!families.has(create)) families.set(create, create(makers));
      return families.get(create) as T;
    },

    /** All series: in OpenMetrics, with exemplars, for a reader whose Accept header names it; else in Prometheus' text format. */
    async expose(accept = ''): Promise<Exposition> {
      if (!/\bapplication\/openmetrics-text\b/.test(accept)) return { type: registry.contentType, body: await registry.metrics() };
      return { type: Registry.OPENMETRICS_CONTENT_TYPE, body: await writeOpenMetrics(registry, { service }) };
    },
  };
}
