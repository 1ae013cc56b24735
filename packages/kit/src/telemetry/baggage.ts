import { context, propagation, trace, type Context } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';

/**
 * All that may travel beside a trace, and the form of its values: in what quality somebody acts, and where. Neither says
 * who. Whatever else a header holds is dropped where it is read and where it is written.
 */
const allowed = {
  'mediai.acteur_role': /^(patient|medecin|admin)$/,
  'mediai.etablissement_id': /^[1-9]\d{0,9}$/,
} as const;

type Key = keyof typeof allowed;
const keys = Object.keys(allowed) as Key[];

/** What travels beside a trace. */
export type TraceBaggage = Partial<Record<Key, string>>;

/** Runs `fn` with this baggage, and no other: spans begun inside carry it, and calls and events made inside take it along. It is set on the present span as well. */
export function runWithBaggage<T>(baggage: TraceBaggage, fn: () => T): T {
  const ctx = withBaggage(context.active(), baggage);
  trace.getSpan(ctx)?.setAttributes(readBaggage(ctx));
  return context.with(ctx, fn);
}

/** W3C `baggage` of the present context, to be stored or sent; undefined where there is none. */
export function currentBaggage(): string | undefined {
  const entries = Object.entries(readBaggage(context.active()));
  return entries.length === 0 ? undefined : entries.map(([key, value]) => `${key}=${value}`).join(',');
}

/** The context with what is allowed of a `baggage` header, and without what it had. */
export function withBaggageHeader(ctx: Context, header: string | undefined): Context {
  if (header === undefined) return propagation.deleteBaggage(ctx);
  const told = Object.fromEntries(header.slice(0, 1_000).split(',').map((member) => (member.split(';')[0] as string).split('=').map((part) => part.trim()).slice(0, 2)));
  return withBaggage(ctx, told as TraceBaggage);
}

/** Puts the baggage that a span begins with on it. */
export const baggageProcessor: SpanProcessor = {
  onStart(span, parentContext) {
    const baggage = readBaggage(parentContext);
    for (const key in baggage) span.setAttribute(key, baggage[key as Key] as string);
  },
  onEnd: () => undefined,
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};

function withBaggage(ctx: Context, baggage: TraceBaggage): Context {
  const entries = keys.flatMap((key) => (allowed[key].test(baggage[key] ?? '') ? [[key, { value: baggage[key] as string }]] : []));
  return entries.length === 0 ? propagation.deleteBaggage(ctx) : propagation.setBaggage(ctx, propagation.createBaggage(Object.fromEntries(entries)));
}

function readBaggage(ctx: Context): TraceBaggage {
  const baggage = propagation.getBaggage(ctx);
  const read: TraceBaggage = {};
  for (const [key, { value }] of baggage?.getAllEntries() ?? []) read[key as Key] = value;
  return read;
}
