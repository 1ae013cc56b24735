import type { Logger } from '@mediai/kit/log';
import type { Metrics } from '@mediai/kit/metrics';
import { currentTraceparent, runWithTraceparent, withSpan } from '@mediai/kit/telemetry';
import pg from 'pg';
import { backOffMs, pause } from './back-off.ts';
import { outboxMetrics, waitingSql } from './event-metrics.ts';
import { toRecord, type EventProducer, type EventRecord, type OutboxRow } from './event-record.ts';

export type RelayOptions = {
  databaseUrl: string;
  producer: EventProducer;
  log: Logger;
  metrics: Metrics;
  /** How often the outbox is looked at without being woken: for what a process without a relay has appended. */
  pollMs?: number;
  /** While events come without a pause a batch leaves so often, and takes along what was committed meanwhile. */
  batchEveryMs?: number;
  /** So many batches leave at once after a rest. */
  burst?: number;
  /** Advisory lock that the active relay of a database holds. */
  lock?: number;
};

export type Relay = {
  start: () => void;
  /** Look now: call it after a commit that appended events. */
  wake: () => void;
  stop: () => Promise<void>;
  /** `degraded` while the outbox cannot be read or published; another process holding the relay is no fault. */
  check: () => Promise<'ok' | 'degraded'>;
};

const batchSize = 500;
/** Below what a broker takes in one batch (`message.max.bytes`, 1 MB by default), headers counted by `headerBytes`. */
const maxBatchBytes = 900_000;
const headerBytes = 600;
const standbyMs = 1_000;
/** Said where the relay is woken: without a reason each time an error with a stack would be made. */
const woken = 'woken';
/** On which a relay that stands by wakes the one that works. */
const channel = 'mediai_outbox';

const readSql = `SELECT id, event_id, topic, key, type, payload, traceparent, baggage, occurred_at FROM outbox WHERE sent_at IS NULL ORDER BY id LIMIT ${batchSize}`;
const markSql = 'UPDATE outbox SET sent_at = now() WHERE id = ANY($1::bigint[])';

/**
 * Publishes the outbox of one database in the order of its ids, which is the order per key because the writers of one
 * key take turns on its row. One relay per database works, by a session advisory lock; the others stand by, and wake it by NOTIFY. Rows are
 * marked, not deleted, once every replica in sync has acknowledged them; a crash in between publishes them again.
 */
export function createRelay({ databaseUrl, producer, log, metrics, pollMs = 2_000, batchEveryMs = 50, burst = 4, lock = 7_305_010 }: RelayOptions): Relay {
  const stopping = new AbortController();
  let waking = new AbortController();
  let healthy = false;
  let running: Promise<void> | undefined;
  /** What has been sent is paid for up to here, `batchEveryMs` a batch (a leaky bucket); full batches, of what had waited, are free. */
  let paidUntilMs = 0;
  const { published, oldest } = metrics.once(outboxMetrics);

  async function run(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      const since = Date.now();
      await session().catch((error: unknown) => log.warn({ attempt: failures + 1, err: error }, 'relay lost its database, will connect again'));
      if (stopping.signal.aborted) break;
      healthy = false;
      if (Date.now() - since > 10_000) failures = 0;
      await pause(backOffMs(failures + 1, 200, 2_000), stopping.signal);
    }
    await producer.disconnect();
  }

  /** One connection from its opening to its loss; throws what ended it. */
  async function session(): Promise<void> {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000, query_timeout: 15_000, keepAlive: true, application_name: 'mediai-relay' });
    // The next query tells what happened. (No promise that lives as long as the connection: every race against it would stay in memory.)
    client.on('error', () => waking.abort(woken));
    try {
      await client.connect();
      client.on('notification', () => waking.abort(woken));
      while (!stopping.signal.aborted && !(await takeLock(client))) await standBy(client);
      await client.query(`LISTEN ${channel}`);
      for (let failures = 0; !stopping.signal.aborted;) {
        const sent = await publishBatch(client);
        healthy = sent !== 'failed';
        failures = sent === 'failed' ? failures + 1 : 0;
        if (sent === 'more') continue;
        await (sent === 'failed' ? pause(backOffMs(failures, pollMs, 3_000), stopping.signal) : restUntilWoken());
      }
    } finally {
      await client.end().catch((error: unknown) => log.debug({ err: error }, 'relay connection was already gone'));
    }
  }

  async function takeLock(client: pg.Client): Promise<boolean> {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [lock]);
    healthy = true;
    return rows[0]?.taken === true;
  }

  /** Until the lock may be free; what is appended here meanwhile is told to who holds it. */
  async function standBy(client: pg.Client): Promise<void> {
    await pause(standbyMs, waking.signal);
    if (waking.signal.aborted && !stopping.signal.aborted) {
      waking = new AbortController();
      await client.query(`NOTIFY ${channel}`);
    }
  }

  async function publishBatch(client: pg.Client): Promise<'done' | 'more' | 'failed'> {
    if (!stopping.signal.aborted) waking = new AbortController();
    const { rows: waiting } = await client.query<OutboxRow>(readSql);
    const rows = fitting(waiting);
    if (rows.length === 0) {
      metrics.outboxBacklog.set(0);
      oldest.set(0);
      return 'done';
    }
    try {
      await send(rows);
    } catch (error) {
      const backlog = await countBacklog(client);
      log.warn({ backlog, err: error }, 'events could not be published, will be tried again');
      return 'failed';
    }
    for (const { topic } of rows) published.inc({ topic });
    await client.query(markSql, [rows.map((row) => row.id)]);
    if (waiting.length < batchSize && rows.length === waiting.length) {
      paidUntilMs = Math.max(paidUntilMs, performance.now()) + batchEveryMs;
      return 'done';
    }
    await countBacklog(client);
    return 'more';
  }

  /** Each record leaves in a producer span of the trace that appended it. */
  async function send(rows: OutboxRow[]): Promise<void> {
    const sent = Promise.withResolvers<void>();
    const records: EventRecord[] = [];
    const sendOne = (row: OutboxRow) => withSpan(`send ${row.topic}`, { kind: 'producer', attributes: spanAttributes(row) }, () => {
      records.push(toRecord({ ...row, traceparent: currentTraceparent() ?? row.traceparent }));
      return sent.promise;
    });
    const spans = rows.map((row) => runWithTraceparent(row.traceparent ?? undefined, () => sendOne(row), row.baggage ?? undefined));
    producer.send(records).then(sent.resolve, sent.reject);
    await Promise.all(spans);
  }

  async function countBacklog(client: pg.Client): Promise<number> {
    const { rows } = await client.query<{ backlog: number; oldest: number }>(waitingSql);
    const waiting = rows[0] ?? { backlog: 0, oldest: 0 };
    metrics.outboxBacklog.set(waiting.backlog);
    oldest.set(Math.max(0, waiting.oldest));
    return waiting.backlog;
  }

  /** A batch costs the broker and every consumer nearly the same whether it holds one event or ten. */
  async function restUntilWoken(): Promise<void> {
    await pause(pollMs, waking.signal);
    const earlyMs = paidUntilMs - burst * batchEveryMs - performance.now();
    if (earlyMs > 0) await pause(earlyMs, stopping.signal);
  }

  return {
    start() {
      running ??= run();
    },
    wake() {
      waking.abort(woken);
    },
    async stop() {
      stopping.abort();
      waking.abort(woken);
      await running;
    },
    check: async () => (healthy ? 'ok' : 'degraded'),
  };
}

/** The first rows, as many as go into one batch; at least one. */
function fitting(rows: OutboxRow[]): OutboxRow[] {
  let bytes = 0;
  const end = rows.findIndex(({ payload }, at) => (bytes += (payload?.length ?? 0) + headerBytes) > maxBatchBytes && at > 0);
  return end === -1 ? rows : rows.slice(0, end);
}

function spanAttributes(row: OutboxRow) {
  return {
    'messaging.system': 'kafka', 'messaging.operation.type': 'send', 'messaging.destination.name': row.topic,
    'messaging.message.id': row.event_id, 'cloudevents.event_type': row.type,
  };
}
