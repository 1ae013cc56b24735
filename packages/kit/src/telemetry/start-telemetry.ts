import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { baggageProcessor } from './baggage.ts';
import { createTraceChooser } from './choose-traces.ts';
import { setTraceKeeper } from './kept-traces.ts';

export type Telemetry = { shutdown: () => Promise<void> };

/** Of the configuration, as `telemetryConfig` reads it. */
export type TelemetryConfig = {
  MEDIAI_MODE?: string | undefined;
  /** Base URL of an OTLP/HTTP collector; `/v1/traces` is added. */
  OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  /** `name=value`, comma-separated, URL-encoded. */
  OTEL_EXPORTER_OTLP_HEADERS?: string | undefined;
  TRACES_RATIO?: number | undefined;
  TRACES_SLOW_MS?: number | undefined;
};

export type TelemetryOptions = {
  /** Name of the service, as `service.name`. */
  service: string;
  /** As `service.version`. */
  version?: string;
  config?: TelemetryConfig;
  /** Receives each span that is kept, as it is, instead of the collector (tests: `InMemorySpanExporter`). */
  exporter?: SpanExporter;
};

const exportTimeoutMs = 2_000;
const shutdownTimeoutMs = 1_000;

/**
 * Registers tracing for the process, once, before what it traces is created. Every span is recorded, and `choose-traces`
 * says which are exported. Without endpoint and exporter spans are made (so that `traceparent` still travels) and go
 * nowhere. The SDK is loaded here only. `shutdown` flushes for at most 1 s: a collector that does not answer delays no exit.
 */
export async function startTelemetry({ service, version, config = {}, exporter }: TelemetryOptions): Promise<Telemetry> {
  const { NodeSDK, core, resources } = await import('@opentelemetry/sdk-node');
  const { AlwaysOnSampler, NoopSpanProcessor, TraceIdRatioBasedSampler, SamplingDecision } = await import('@opentelemetry/sdk-trace-base');
  const { TRACES_RATIO: ratio = 1, TRACES_SLOW_MS: slowMs = 2_000, MEDIAI_MODE: mode } = config;
  const outlet = await openOutlet(config, exporter, core.parseKeyPairsIntoRecord);
  const share = new TraceIdRatioBasedSampler(ratio);
  const isShared = (traceId: string): boolean => ratio >= 1 || share.shouldSample(undefined as never, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
  const chooser = outlet && createTraceChooser({ isShared, slowMs, next: outlet });
  setTraceKeeper(chooser?.whenKept);
  const sdk = new NodeSDK({
    resource: resources.resourceFromAttributes({ 'service.name': service, ...(version ? { 'service.version': version } : {}), ...(mode ? { 'deployment.environment.name': mode } : {}) }),
    autoDetectResources: false,
    // What a caller says of sampling is not believed: an error is to be seen whatever it said.
    sampler: new AlwaysOnSampler(),
    textMapPropagator: new core.W3CTraceContextPropagator(),
    spanProcessors: [baggageProcessor, chooser ?? new NoopSpanProcessor()],
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  return { shutdown: () => bounded(sdk.shutdown(), shutdownTimeoutMs) };
}

/** Where kept spans go; undefined for nowhere. */
async function openOutlet(config: TelemetryConfig, exporter: SpanExporter | undefined, parseHeaders: (text: string) => Record<string, string>): Promise<SpanProcessor | undefined> {
  const { BatchSpanProcessor, SimpleSpanProcessor } = await import('@opentelemetry/sdk-trace-base');
  if (exporter) return new SimpleSpanProcessor(exporter);
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers = '' } = config;
  if (!endpoint) return undefined;
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const url = new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`).href;
  return new BatchSpanProcessor(new OTLPTraceExporter({ url, headers: parseHeaders(headers), timeoutMillis: exportTimeoutMs }), { exportTimeoutMillis: exportTimeoutMs });
}

async function bounded(work: Promise<void>, limitMs: number): Promise<void> {
  const timer = Promise.withResolvers<void>();
  const handle = setTimeout(timer.resolve, limitMs);
  // A failed flush loses spans, which telemetry may do; it must neither delay nor fail the exit.
  await Promise.race([work.catch(() => undefined), timer.promise]);
  clearTimeout(handle);
}
