import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds: from a cached answer to a slow model. */
const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const taskBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

export type Metrics = ReturnType<typeof createMetrics>;
export type BreakerState = 'closed' | 'half_open' | 'open';
const breakerValues: Record<BreakerState, number> = { closed: 0, half_open: 1, open: 2 };

/**
 * The registry of a service and every series the suite shares, named here once; each carries the label `service`. It
 * speaks Prometheus' text format, because OpenMetrics would rename `whatsapp_notifications_sent`. A service adds its own
 * with `counter`, `gauge` and `histogram`. Labels hold no identifying value.
 */
export function createMetrics(service: string) {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) => new Counter({ name, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) => new Gauge({ name, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[] = [], buckets = requestBuckets) =>
    new Histogram({ name, help, labelNames, buckets, registers });

  const tasks = counter('tasks_total', 'Asynchronous work, by outcome.', ['task', 'state']);
  const taskDuration = histogram('task_duration_seconds', 'Time spent on asynchronous work.', ['task'], taskBuckets);
  const breakerState = gauge('breaker_state', 'Circuit breakers: 0 closed, 1 half-open, 2 open.', ['breaker']);

  return {
    registry,
    counter,
    gauge,
    histogram,
    apiRequests: counter('api_requests_total', 'HTTP requests answered.', ['method', 'route', 'status']),
    apiRequestDuration: histogram('api_request_duration_seconds', 'Time to answer an HTTP request.', ['method', 'route']),
    apiErrors: counter('api_errors_total', 'HTTP requests answered with an error, by its code.', ['method', 'route', 'code']),
    whatsappNotificationsSent: counter('whatsapp_notifications_sent', 'WhatsApp messages handed to the provider, by outcome.', ['status']),
    iaAnalyses: counter('ia_analyses_total', 'Analyses by outcome.', ['status']),
    outboxBacklog: gauge('outbox_backlog', 'Events committed and not yet published.'),
    consumerLag: gauge('consumer_lag', 'Events published and not yet consumed.', ['group', 'topic']),
    grpcServerDuration: histogram('grpc_server_duration_seconds', 'Time to answer a gRPC call.', ['method', 'code']),
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
      const stop = taskDuration.startTimer({ task });
      try {
        const result = await fn();
        tasks.inc({ task, state: 'succeeded' });
        return result;
      } catch (error) {
        tasks.inc({ task, state: 'failed' });
        throw error;
      } finally {
        stop();
      }
    },
  };
}
