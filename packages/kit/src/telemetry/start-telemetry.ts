import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

export type Telemetry = { shutdown: () => Promise<void> };

export type TelemetryOptions = {
  /** Name of the service, as `service.name`. */
  service: string;
  /** Base URL of an OTLP/HTTP collector; `/v1/traces` is added. */
  endpoint?: string | undefined;
  /** Receives each span as it ends, instead of the collector (tests: `InMemorySpanExporter`). */
  exporter?: SpanExporter;
  instrumentations?: NodeSDKConfiguration['instrumentations'];
};

const exportTimeoutMs = 2_000;
const shutdownTimeoutMs = 1_000;

/**
 * Registers tracing for the process, once, before what it traces is created. Without endpoint and exporter spans are
 * made (so that `traceparent` still travels) and go nowhere. The SDK is loaded here only. `shutdown` flushes for at most
 * 1 s: a collector that does not answer delays no exit.
 */
export async function startTelemetry({ service, endpoint, exporter, instrumentations = [] }: TelemetryOptions): Promise<Telemetry> {
  const { NodeSDK, core, resources } = await import('@opentelemetry/sdk-node');
  const sdk = new NodeSDK({
    resource: resources.resourceFromAttributes({ 'service.name': service }),
    autoDetectResources: false,
    textMapPropagator: new core.W3CTraceContextPropagator(),
    spanProcessors: [await createSpanProcessor(endpoint, exporter)],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations,
  });
  sdk.start();
  return { shutdown: () => bounded(sdk.shutdown(), shutdownTimeoutMs) };
}

async function createSpanProcessor(endpoint: string | undefined, exporter: SpanExporter | undefined) {
  const { BatchSpanProcessor, NoopSpanProcessor, SimpleSpanProcessor } = await import('@opentelemetry/sdk-trace-base');
  if (exporter) return new SimpleSpanProcessor(exporter);
  if (!endpoint) return new NoopSpanProcessor();
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const url = new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`).href;
  return new BatchSpanProcessor(new OTLPTraceExporter({ url, timeoutMillis: exportTimeoutMs }), { exportTimeoutMillis: exportTimeoutMs });
}

async function bounded(work: Promise<void>, limitMs: number): Promise<void> {
  const timer = Promise.withResolvers<void>();
  const handle = setTimeout(timer.resolve, limitMs);
  // A failed flush loses spans, which telemetry may do; it must neither delay nor fail the exit.
  await Promise.race([work.catch(() => undefined), timer.promise]);
  clearTimeout(handle);
}
