import { randomUUID } from 'node:crypto';
import { create, toBinary, type DescMessage, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import type { SqlExecutor } from '@mediai/db';
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
  const traceparent = currentTraceparent() ?? null;
  const baggage = currentBaggage() ?? null;
  const ids = events.map(() => randomUUID());
  const params = events.flatMap((event, at) => [ids[at], event.topic, String(event.key), event.schema.typeName, encode(event), traceparent, baggage]);
  const rows = events.map((_, at) => `($${at * 7 + 1}::uuid, $${at * 7 + 2}, $${at * 7 + 3}, $${at * 7 + 4}, $${at * 7 + 5}::bytea, $${at * 7 + 6}, $${at * 7 + 7})`);
  await tx.$executeRawUnsafe(`INSERT INTO outbox (event_id, topic, key, type, payload, traceparent, baggage) VALUES ${rows.join(', ')}`, ...params);
  return ids;
}

function encode({ schema, message }: OutboxEvent): Buffer | null {
  if (message === null) return null;
  const bytes = toBinary(schema, create(schema, message as MessageInitShape<DescMessage>));
  if (bytes.length > maxPayloadBytes) throw new RangeError(`${schema.typeName}: ${bytes.length} bytes are too many for an event`);
  return Buffer.from(bytes);
}
