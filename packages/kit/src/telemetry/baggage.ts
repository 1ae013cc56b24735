import { context, createContextKey, trace, type Context } from '@opentelemetry/api';
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

/** Who a call is made for does not change from span to span: what is read and checked once is carried as it is, with the words for the next call. */
type Carried = { readonly attributes: TraceBaggage; readonly header: string };
const carriedKey = createContextKey('mediai.baggage');
const carriedBy = (ctx: Context): Carried | undefined => ctx.getValue(carriedKey) as Carried | undefined;

/** Runs `fn` with this baggage, and no other: spans begun inside carry it, and calls and events made inside take it along. It is set on the present span as well. */
export function runWithBaggage<T>(baggage: TraceBaggage, fn: () => T): T {
  const ctx = withCarried(context.active(), carry(baggage));
  const attributes = carriedBy(ctx)?.attributes;
  if (attributes) trace.getSpan(ctx)?.setAttributes(attributes);
  return context.with(ctx, fn);
}

/** W3C `baggage` of the present context, to be stored or sent; undefined where there is none. */
export function currentBaggage(): string | undefined {
  return carriedBy(context.active())?.header;
}

/** The context with what is allowed of a `baggage` header, and without what it had. */
export function withBaggageHeader(ctx: Context, header: string | undefined): Context {
  return withCarried(ctx, header === undefined ? undefined : readHeader(header.slice(0, 1_000)));
}

/** Headers that were read: three roles and some établissements say the same again and again. */
const known = new Map<string, Carried | undefined>();
const maxKnown = 500;

function readHeader(header: string): Carried | undefined {
  if (known.has(header)) return known.get(header);
  const told = Object.fromEntries(header.split(',').map((member) => (member.split(';')[0] as string).split('=').map((part) => part.trim()).slice(0, 2)));
  const carried = carry(told as TraceBaggage);
  if (known.size >= maxKnown) known.clear();
  known.set(header, carried);
  return carried;
}

/** Puts the baggage that a span begins with on it. */
export const baggageProcessor: SpanProcessor = {
  onStart(span, parentContext) {
    const attributes = carriedBy(parentContext)?.attributes;
    if (attributes) span.setAttributes(attributes);
  },
  onEnd: () => undefined,
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};

function withCarried(ctx: Context, carried: Carried | undefined): Context {
  if (carried) return ctx.setValue(carriedKey, carried);
  return carriedBy(ctx) ? ctx.deleteValue(carriedKey) : ctx;
}

/** What is allowed of it, or undefined. */
function carry(baggage: TraceBaggage): Carried | undefined {
  const kept = keys.filter((key) => allowed[key].test(baggage[key] ?? ''));
  if (kept.length === 0) return undefined;
  const attributes: TraceBaggage = Object.fromEntries(kept.map((key) => [key, baggage[key]]));
  return { attributes, header: kept.map((key) => `${key}=${baggage[key]}`).join(',') };
}
