import type { FastifyInstance } from 'fastify';

/** One finished span, as exported. */
export interface ReceivedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  /** Milliseconds since 1970, with their fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Record<string, unknown>;
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: Record<string, unknown>;
}

/** Times are nanoseconds since 1970, as text: they are more than a number holds. */
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly OtlpAttribute[];
}

interface OtlpBody {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly OtlpAttribute[] };
    readonly scopeSpans?: readonly { readonly spans?: readonly OtlpSpan[] }[];
  }[];
}

const MAX_SPANS = 50_000;
const toRecord = (attributes: readonly OtlpAttribute[] = []): Record<string, unknown> => Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
/** Nanoseconds as milliseconds, to the microsecond. */
const toMs = (nanoseconds: string): number => Number(BigInt(nanoseconds) / 1_000n) / 1_000;

/**
 * An in-memory collector of traces (OTLP/HTTP 1.x, JSON encoding: `POST <base>/v1/traces` with base `/otlp`), so that a
 * test can ask what a request left behind in all processes: `GET /sandbox/traces?trace_id=`.
 */
export function registerTraces(app: FastifyInstance): void {
  let spans: ReceivedSpan[] = [];
  app.post<{ Body: OtlpBody }>('/otlp/v1/traces', (request) => {
    for (const { resource, scopeSpans = [] } of request.body.resourceSpans ?? []) {
      const service = String(toRecord(resource?.attributes)['service.name'] ?? '');
      for (const span of scopeSpans.flatMap((scope) => scope.spans ?? [])) {
        spans.push({ service, traceId: span.traceId, spanId: span.spanId, parentSpanId: span.parentSpanId ?? '', name: span.name, startMs: toMs(span.startTimeUnixNano), endMs: toMs(span.endTimeUnixNano), attributes: toRecord(span.attributes) });
      }
    }
    if (spans.length > MAX_SPANS) spans = spans.slice(-MAX_SPANS);
    return {};
  });
  app.get<{ Querystring: { trace_id?: string } }>('/sandbox/traces', ({ query }) => ({ spans: query.trace_id ? spans.filter((span) => span.traceId === query.trace_id) : spans }));
}
