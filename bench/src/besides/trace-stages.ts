/** One span as the sandbox keeps it; times in milliseconds since 1970, to the millisecond where it begins. */
export type Span = { service: string; name: string; startMs: number; endMs: number; attributes: Record<string, unknown> };

/** The way of a fiche from POST to `analyse_terminee`, one after the other, without holes. */
export const stages = [
  'POST until committed',
  'committed until the relay sends',
  'Kafka: FicheCreated until ia takes it',
  'ia: taken until the analysis begins',
  'ia: the analysis, without models',
  'ia: ended until the relay sends',
  'Kafka: AnalyseCompleted until consultation takes it',
  'consultation: taken until analyse_terminee',
] as const;

/** Milliseconds by stage; `models` is what the models took, which no stage holds. */
export type Way = { stages: number[]; models: number; total: number };

/** Reads the way of one fiche from the spans of its trace; undefined while some have not arrived. */
export function wayOf(spans: readonly Span[]): Way | undefined {
  const find = (service: string, name: RegExp, event?: string): Span | undefined =>
    spans.find((span) => span.service === service && name.test(span.name) && (event === undefined || String(span.attributes['cloudevents.event_type']).endsWith(event)));
  const post = find('gateway', /^POST /);
  const create = find('consultation', /CreateFiche$/);
  const sent = find('consultation', /^send /, 'FicheCreated');
  const taken = find('ia', /^process /, 'FicheCreated');
  const analyse = find('ia', /^analyse$/);
  const ended = find('ia', /^send /, 'AnalyseCompleted');
  const last = find('consultation', /^process /, 'AnalyseCompleted');
  if (!post || !create || !sent || !taken || !analyse || !ended || !last) return undefined;
  const models = covered(spans.filter((span) => span.service === 'ia' && span.name.startsWith('model ')));
  const marks = [post.startMs, create.endMs, sent.startMs, taken.startMs, analyse.startMs, analyse.endMs, ended.startMs, last.startMs, last.endMs];
  const between = marks.slice(1).map((mark, i) => mark - (marks[i] ?? mark) - (marks[i] === analyse.startMs && mark === analyse.endMs ? models : 0));
  return { stages: between, models, total: last.endMs - post.startMs - models };
}

/** How long at least one of the spans was under way. */
export function covered(spans: readonly Pick<Span, 'startMs' | 'endMs'>[]): number {
  let [sum, until] = [0, Number.NEGATIVE_INFINITY];
  for (const { startMs, endMs } of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    sum += Math.max(0, endMs - Math.max(startMs, until));
    until = Math.max(until, endMs);
  }
  return sum;
}
