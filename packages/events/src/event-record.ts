export const specVersion = '1.0';
const contentType = 'application/protobuf';

/** One message on a bus: a CloudEvent in binary mode, its attributes in the headers. */
export type EventRecord = { topic: string; key: string; value: Uint8Array | null; headers: Record<string, string> };

/** A record as a consumer receives it. */
export type ReceivedRecord = EventRecord & { partition: number; offset: string };

/** What sends records; it answers when every one of them is acknowledged by all replicas in sync, else throws. */
export type EventProducer = { send: (records: EventRecord[]) => Promise<void>; disconnect: () => Promise<void> };

export type OutboxRow = {
  id: string;
  event_id: string;
  topic: string;
  key: string;
  type: string;
  payload: Uint8Array | null;
  traceparent: string | null;
  baggage: string | null;
  occurred_at: Date;
};

/**
 * An outbox row as a record: CloudEvents 1.0, Kafka protocol binding, section 3.2 (binary content mode).
 * `ce_source` is the context that owns the topic: `/mediai/auth`.
 */
export function toRecord(row: OutboxRow): EventRecord {
  return {
    topic: row.topic,
    key: row.key,
    value: row.payload,
    headers: {
      ce_specversion: specVersion,
      ce_id: row.event_id,
      ce_source: `/${row.topic.split('.').slice(0, 2).join('/')}`,
      ce_type: row.type,
      ce_time: row.occurred_at.toISOString(),
      ce_subject: row.key,
      'content-type': contentType,
      ...(row.traceparent ? { traceparent: row.traceparent } : {}),
      ...(row.baggage ? { baggage: row.baggage } : {}),
    },
  };
}
