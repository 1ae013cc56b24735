import { isTransient } from '@mediai/db';
import type { DescMessage, Message, MessageShape, Registry } from '@bufbuild/protobuf';
import { describeError, type Logger } from '@mediai/kit/log';
import type { Metrics } from '@mediai/kit/metrics';
import { runWithTraceparent, withSpan } from '@mediai/kit/telemetry';
import { backOffMs, pause } from './back-off.ts';
import { readEvent, type EventMeta, type PoisonReason } from './cloud-events.ts';
import { consumerMetrics } from './event-metrics.ts';
import type { EventProducer, EventRecord, ReceivedRecord } from './event-record.ts';
import { isTooLarge } from './kafka.ts';
import { deadLetterTopic } from './topics.ts';

/**
 * Written with its own message's type, which is known there and not where it is called: pair them by `on`. One made by
 * `onSeveral` takes, `together`, the events that follow each other in a partition.
 */
export type EventHandler = ((message: never, meta: EventMeta) => Promise<void>) & { together?: (messages: never[]) => Promise<void> };
export type TombstoneHandler = (meta: EventMeta) => Promise<void>;

export type ProcessorOptions = {
  groupId: string;
  /** By full type name; an event without a handler is passed over. */
  handlers: Record<string, EventHandler>;
  /** For the tombstones of compacted topics, by full type name. */
  tombstones?: Record<string, TombstoneHandler>;
  registry: Registry;
  log: Logger;
  metrics: Metrics;
  deadLetters: EventProducer;
  /** How often a failing handler is called before its event is parked. */
  maxAttempts?: number;
  firstRetryMs?: number;
};

/**
 * `taken` is called once a record is done or parked: its offset may be committed. `heartbeat` keeps the consumer's place
 * in its group while it waits; an aborted `signal` ends the waiting.
 */
export type Turn = { taken: (record: ReceivedRecord) => void; heartbeat: () => Promise<void>; signal: AbortSignal };

const maxRetryMs = 10_000;
const beatEveryMs = 2_000;
/** So many events share a statement at most. */
const maxTogether = 200;

/** Thrown out of a turn that was told to stop: the record is neither done nor parked, and comes again. */
export class TurnAborted extends Error {
  override readonly name = 'TurnAborted';
}

/**
 * What is done with the records of a partition, in their order, on whichever bus: each one's handler, again with back-off
 * while that fails, then the dead-letter topic with the reason. What follows each other for one `onSeveral` handler is
 * given to it together, and one by one if that fails. A failure of something that will come back (database, another
 * service) is waited out and never parks an event. Throws `TurnAborted` where it is told to stop while it waits.
 */
export function createEventProcessor(options: ProcessorOptions): (records: readonly ReceivedRecord[], turn: Turn) => Promise<void> {
  const { groupId, handlers, tombstones = {}, registry, log, deadLetters, maxAttempts = 5, firstRetryMs = 100 } = options;
  const { count, handling } = options.metrics.once(consumerMetrics);

  async function process(records: readonly ReceivedRecord[], turn: Turn): Promise<void> {
    for (let at = 0; at < records.length && !turn.signal.aborted;) {
      const run = runAt(records, at);
      if (run.length > 1 && (await takeTogether(run))) {
        run.forEach(turn.taken);
        await turn.heartbeat();
      } else await takeEach(run, turn);
      at += run.length;
    }
  }

  const handlerOf = (record: ReceivedRecord | undefined): EventHandler | undefined => (record?.value ? handlers[record.headers['ce_type'] ?? ''] : undefined);

  /** The record at `at`, and those behind it that its handler takes together with it. */
  function runAt(records: readonly ReceivedRecord[], at: number): readonly ReceivedRecord[] {
    const handler = handlerOf(records[at]);
    let end = at + 1;
    if (handler?.together) while (end < records.length && end - at < maxTogether && handlerOf(records[end]) === handler) end++;
    return records.slice(at, end);
  }

  /** True once all of them are done; false when they must be taken one by one. One span, in the trace of the first, linked to the others'. */
  async function takeTogether(run: readonly ReceivedRecord[]): Promise<boolean> {
    const [first] = run as [ReceivedRecord];
    const read = run.map((record) => readEvent(record, registry));
    const events = read.filter((each) => each.kind === 'event');
    const together = handlerOf(first)?.together;
    const meta = events[0]?.meta;
    if (!together || !meta || events.length < run.length) return false;
    try {
      await runWithTraceparent(meta.traceparent, () => inSpan(events.map((event) => event.meta), groupId, () => timed(first.topic, () => together(events.map(({ message }) => message as never)))));
    } catch (error) {
      log.warn({ ...where(first), group: groupId, events: run.length, err: error }, 'events failed together, each is tried alone');
      return false;
    }
    count(groupId, first.topic, 'done', run.length);
    return true;
  }

  async function takeEach(run: readonly ReceivedRecord[], turn: Turn): Promise<void> {
    for (const record of run) {
      if (turn.signal.aborted) return;
      // All of it in the trace that the record names, its log lines too.
      await runWithTraceparent(record.headers['traceparent'], () => take(record, turn), record.headers['baggage']);
      turn.taken(record);
      await turn.heartbeat();
    }
  }

  async function take(record: ReceivedRecord, turn: Turn): Promise<void> {
    const read = readEvent(record, registry);
    if (read.kind === 'poison') return park(record, turn, read.reason, 1, read.cause);
    const { meta } = read;
    const work = read.kind === 'event' ? bind(handlers[meta.type], read.message, meta) : read.kind === 'tombstone' ? tombstones[meta.type] : undefined;
    if (!work) return count(groupId, record.topic, 'ignored');
    await attempt(record, turn, meta, () => work(meta));
  }

  async function attempt(record: ReceivedRecord, turn: Turn, meta: EventMeta, work: () => Promise<void>): Promise<void> {
    for (let tries = 1, failures = 0; ; tries++) {
      try {
        await inSpan([meta], groupId, () => timed(record.topic, work));
        return count(groupId, record.topic, 'done');
      } catch (error) {
        if (turn.signal.aborted) throw new TurnAborted('stopping', { cause: error });
        failures += isTransient(error) ? 0 : 1;
        if (failures >= maxAttempts) return park(record, turn, 'echec', tries, error);
        const delayMs = backOffMs(tries, firstRetryMs, maxRetryMs);
        count(groupId, record.topic, 'retried');
        log.warn({ ...where(record), group: groupId, event_id: meta.eventId, event_type: meta.type, attempt: tries, delay_ms: Math.round(delayMs), err: error }, 'event failed, will be tried again');
        await waitBeating(delayMs, turn);
      }
    }
  }

  async function timed(topic: string, work: () => Promise<void>): Promise<void> {
    const startedMs = performance.now();
    try {
      await work();
    } finally {
      handling.observe({ group: groupId, topic }, (performance.now() - startedMs) / 1_000);
    }
  }

  async function park(record: ReceivedRecord, turn: Turn, reason: PoisonReason, attempts: number, cause: unknown): Promise<void> {
    let parked = deadLetter(record, groupId, reason, attempts, cause);
    for (let tries = 1; ; tries++) {
      try {
        await deadLetters.send([parked]);
        break;
      } catch (error) {
        if (isTooLarge(error) && parked.value) parked = withoutValue(parked);
        log.warn({ ...where(record), group: groupId, attempt: tries, err: error }, 'dead letter could not be written, will be tried again');
        await waitBeating(backOffMs(tries, firstRetryMs, maxRetryMs), turn);
      }
    }
    count(groupId, record.topic, 'dead_letter');
    log.error({ ...where(record), group: groupId, event_id: record.headers['ce_id'], event_type: record.headers['ce_type'], reason, attempt: attempts, err: cause }, 'event parked in the dead-letter topic');
  }

  return process;
}

/** A handler with its message's type checked: `handlers: Object.fromEntries([on(FicheCreatedSchema, async (event) => …)])`. */
export function on<D extends DescMessage>(schema: D, handler: (message: MessageShape<D>, meta: EventMeta) => Promise<void>): [string, EventHandler] {
  return [schema.typeName, handler];
}

/** One handler for events of several types, and for several of them at once: its effect must be repeatable, as what failed together is done again one by one. */
export function onSeveral<M extends object>(handle: (messages: M[]) => Promise<void>): EventHandler {
  const one = (message: never): Promise<void> => handle([message]);
  return Object.assign(one, { together: (messages: never[]) => handle(messages) });
}

const bind = (handler: EventHandler | undefined, message: Message, meta: EventMeta) => handler && (() => handler(message as never, meta));

const where = ({ topic, partition, offset }: ReceivedRecord) => ({ topic, partition, offset });

function inSpan([meta, ...others]: readonly EventMeta[], groupId: string, work: () => Promise<void>): Promise<void> {
  const { topic, partition, eventId, type } = meta as EventMeta;
  const attributes = {
    'messaging.system': 'kafka', 'messaging.operation.type': 'process', 'messaging.destination.name': topic, 'messaging.destination.partition.id': String(partition),
    'messaging.consumer.group.name': groupId, 'messaging.message.id': eventId, 'cloudevents.event_type': type,
    ...(others.length > 0 ? { 'messaging.batch.message_count': others.length + 1 } : {}),
  };
  return withSpan(`process ${topic}`, { kind: 'consumer', attributes, links: others.map(({ traceparent }) => traceparent) }, work);
}

async function waitBeating(delayMs: number, { heartbeat, signal }: Turn): Promise<void> {
  for (let leftMs = delayMs; leftMs > 0 && !signal.aborted; leftMs -= beatEveryMs) {
    await pause(Math.min(leftMs, beatEveryMs), signal);
    if (!signal.aborted) await heartbeat();
  }
  if (signal.aborted) throw new TurnAborted('stopping');
}

/** The record as it came, with why and where it was refused. An error's message may quote a patient: its type and code only. */
function deadLetter(record: ReceivedRecord, groupId: string, reason: PoisonReason, attempts: number, cause: unknown): EventRecord {
  const error = cause === undefined ? undefined : describeError(cause);
  return {
    topic: deadLetterTopic(record.topic),
    key: record.key,
    value: record.value,
    headers: {
      ...record.headers,
      dlq_reason: reason, dlq_group: groupId, dlq_topic: record.topic, dlq_partition: String(record.partition), dlq_offset: record.offset,
      dlq_time: new Date().toISOString(), dlq_attempts: String(attempts),
      ...(error ? { dlq_error: [error.type, error.code].filter(Boolean).join(' ') } : {}),
    },
  };
}

function withoutValue(record: EventRecord): EventRecord {
  return { ...record, value: null, headers: { ...record.headers, dlq_value_bytes: String(record.value?.length ?? 0) } };
}
