import { randomUUID } from 'node:crypto';
import { create, toBinary, type DescMessage, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import type { SqlExecutor, Statement } from '@mediai/db';
import { currentBaggage, currentTraceparent } from '@mediai/kit/telemetry';

export type OutboxEvent = {
  topic: string;
  /** Events of one key are published in the order in which they were appended. */
  key: string | number;
  schema: DescMessage;
  /** The message; null is a tombstone, for compacted topics only. */
  message: Message | null;
};

/** An event names things by their ids; one of this size is a mistake, and no broker would take it. */
const maxPayloadBytes = 512 * 1024;

/**
 * Append events in the caller's transaction, by one statement: they are published if and only if it commits. Wake the
 * relay after the commit. Returns the ids given to the events. Throws RangeError for a message above 512 kB.
 */
export async function appendOutbox(tx: SqlExecutor, events: readonly OutboxEvent[]): Promise<string[]> {
  if (events.length === 0) return [];
  const { sql, params } = outboxInsert(events);
  await tx.$executeRawUnsafe(sql, ...params);
  return params.filter((_, at) => at % casts.length === 0) as string[];
}

const types = { event_id: 'uuid', topic: 'text', key: 'text', type: 'text', payload: 'bytea', traceparent: 'text', baggage: 'text' };
const columns = Object.keys(types).join(', ');
const casts = Object.values(types);

/**
 * The statement that appends events, in their order: by itself, or as a part of one that writes more.
 * @param from a part of the same statement, of one row: nothing is appended where it has none
 */
export function outboxInsert(events: readonly OutboxEvent[], from?: string): Statement {
  const traceparent = currentTraceparent() ?? null;
  const baggage = currentBaggage() ?? null;
  const params = events.flatMap((event) => [randomUUID(), event.topic, String(event.key), event.schema.typeName, encode(event), traceparent, baggage]);
  const rows = events.map((_, row) => `(${casts.map((type, at) => `$${row * casts.length + at + 1}::${type}`).join(', ')})`).join(', ');
  const values = from === undefined ? `VALUES ${rows}` : `SELECT ${columns} FROM ${from}, (VALUES ${rows}) AS evenement (${columns})`;
  return { sql: `INSERT INTO outbox (${columns}) ${values}`, params };
}

function encode({ schema, message }: OutboxEvent): Buffer | null {
  if (message === null) return null;
  const bytes = toBinary(schema, create(schema, message as MessageInitShape<DescMessage>));
  if (bytes.length > maxPayloadBytes) throw new RangeError(`${schema.typeName}: ${bytes.length} bytes are too many for an event`);
  return Buffer.from(bytes);
}
