import { expect, test } from '@jest/globals';
import { ROOT_CONTEXT, SpanStatusCode, trace, type Context, type Span } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SamplingDecision, SimpleSpanProcessor, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-base';
import { createTraceChooser } from './choose-traces.ts';

const startMs = Date.UTC(2026, 10, 28);

/** One process that exports a share of its traces, and what is slow or failed; `names` are what it exported. */
function startProcess({ ratio = 0, maxSpans = 10_000 } = {}) {
  const share = new TraceIdRatioBasedSampler(ratio);
  const exporter = new InMemorySpanExporter();
  const chooser = createTraceChooser({
    isShared: (traceId) => share.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED,
    slowMs: 2_000, next: new SimpleSpanProcessor(exporter), maxSpans,
  });
  const tracer = new BasicTracerProvider({ spanProcessors: [chooser] }).getTracer('essai');
  const start = (name: string, parent: Context = ROOT_CONTEXT) => {
    const span = tracer.startSpan(name, { startTime: new Date(startMs) }, parent);
    return { span, inside: trace.setSpan(ROOT_CONTEXT, span) };
  };
  return { chooser, start, exported: () => exporter.getFinishedSpans(), names: () => exporter.getFinishedSpans().map(({ name }) => name) };
}
const end = (span: Span, ms = 10): void => span.end(new Date(startMs + ms));
function fail(span: Span): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  end(span);
}
/** The context of a call that came from another process's span. */
const received = (span: Span): Context => trace.setSpanContext(ROOT_CONTEXT, { ...span.spanContext(), isRemote: true });

test('what went well and fast is not exported, and nothing of it is remembered', () => {
  const { start, names } = startProcess({ maxSpans: 3 });
  for (let round = 0; round < 100; round += 1) {
    const root = start('root');
    const child = start('child', root.inside);
    end(child.span);
    end(root.span);
  }
  const root = start('failed');
  end(start('before it failed', root.inside).span);
  fail(root.span);
  expect(names()).toEqual(['before it failed', 'failed']);
});

test('a part in which a span failed is exported whole: what ended before it, what comes after, its root', () => {
  const { start, names } = startProcess();
  const root = start('root');
  end(start('before', root.inside).span);
  fail(start('failed', root.inside).span);
  const late = start('late', root.inside);
  end(root.span);
  end(late.span);
  expect(names()).toEqual(['before', 'failed', 'root', 'late']);
});

test('a slow part is exported whole', () => {
  const { start, names } = startProcess();
  const root = start('root');
  end(start('child', root.inside).span);
  end(root.span, 2_000);
  expect(names()).toEqual(['child', 'root']);
});

test('what fails after its part has ended is exported all the same, alone', () => {
  const { start, names } = startProcess();
  const root = start('root');
  const late = start('late', root.inside);
  end(start('child', root.inside).span);
  end(root.span);
  fail(late.span);
  expect(names()).toEqual(['late']);
});

test('two calls of one trace are two parts', () => {
  const caller = startProcess();
  const callee = startProcess();
  const { span } = caller.start('caller');
  const [first, second] = [callee.start('first', received(span)), callee.start('second', received(span))];
  fail(second.span);
  end(first.span);
  expect(callee.names()).toEqual(['second']);
});

test('the share is the same in every process, and near its size', () => {
  const [gateway, ia] = [startProcess({ ratio: 0.3 }), startProcess({ ratio: 0.3 })];
  const traces = 2_000;
  for (let round = 0; round < traces; round += 1) {
    const { span } = gateway.start('gateway');
    end(ia.start('ia', received(span)).span);
    end(span);
  }
  const ids = (process: typeof ia) => process.exported().map((span) => span.spanContext().traceId).toSorted();
  expect(ids(ia)).toEqual(ids(gateway));
  expect(ids(ia).length / traces).toBeGreaterThan(0.25);
  expect(ids(ia).length / traces).toBeLessThan(0.35);
});

test('memory is bounded: beyond it the oldest part is forgotten, and of it only what failed is seen', () => {
  const { start, names } = startProcess({ maxSpans: 10 });
  const oldest = start('oldest');
  end(start('child of the oldest', oldest.inside).span);
  const stuck = Array.from({ length: 50 }, () => start('never ends'));
  const newest = start('newest');
  end(start('child of the newest', newest.inside).span);
  fail(newest.span);
  fail(oldest.span);
  end(stuck[0]!.span);
  expect(names()).toEqual(['child of the newest', 'newest', 'oldest']);
});

test('who asks is told once its part is kept, and not where it is not', () => {
  const { chooser, start } = startProcess();
  const told: string[] = [];
  const ask = ({ span }: ReturnType<typeof start>, name: string): void => chooser.whenKept(span.spanContext(), () => told.push(name));
  const [kept, dropped] = [start('kept'), start('dropped')];
  ask(kept, 'before');
  ask(dropped, 'never');
  expect(told).toEqual([]);
  fail(start('failed', kept.inside).span);
  ask(kept, 'after');
  end(dropped.span);
  end(kept.span);
  expect(told).toEqual(['before', 'after']);
});
