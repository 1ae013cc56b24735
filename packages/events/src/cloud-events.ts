import { fromBinary, type DescMessage, type Message, type Registry } from '@bufbuild/protobuf';
import { specVersion, type ReceivedRecord } from './event-record.ts';

export type EventMeta = {
  eventId: string;
  /** Full name of the message type: `mediai.consultation.v1.FicheCreated`. */
  type: string;
  topic: string;
  partition: number;
  offset: string;
  key: string;
  /** When it happened. */
  time: Date;
  traceparent: string | undefined;
};

/** Why a record can never be taken. */
export type PoisonReason = 'envelope_invalide' | 'type_inconnu' | 'version_inconnue' | 'contenu_illisible' | 'echec';

export type ReadEvent =
  | { kind: 'event'; meta: EventMeta; schema: DescMessage; message: Message }
  | { kind: 'tombstone'; meta: EventMeta }
  | { kind: 'foreign'; meta: EventMeta }
  | { kind: 'poison'; reason: PoisonReason; cause?: unknown };

const typeName = /^mediai\.([a-z]+)\.(v\d+)\.[A-Z]\w*$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Read a record. A well-formed type that this build does not know is `foreign` (a newer producer's, to be passed over)
 * while its version is one we speak; another version means that we would miss what we must know, and is poison.
 */
export function readEvent(record: ReceivedRecord, registry: Registry): ReadEvent {
  const { headers } = record;
  const id = headers['ce_id'] ?? '';
  const type = headers['ce_type'] ?? '';
  const time = new Date(headers['ce_time'] ?? Number.NaN);
  if (headers['ce_specversion'] !== specVersion || !uuid.test(id) || Number.isNaN(time.getTime())) return { kind: 'poison', reason: 'envelope_invalide' };
  const name = typeName.exec(type);
  if (!name) return { kind: 'poison', reason: 'type_inconnu' };
  const meta: EventMeta = { eventId: id, type, topic: record.topic, partition: record.partition, offset: record.offset, key: record.key, time, traceparent: headers['traceparent'] };
  const schema = registry.getMessage(type);
  if (!schema) return knowsVersion(registry, `mediai.${name[1]}.${name[2]}.`) ? { kind: 'foreign', meta } : { kind: 'poison', reason: 'version_inconnue' };
  if (record.value === null) return { kind: 'tombstone', meta };
  try {
    return { kind: 'event', meta, schema, message: fromBinary(schema, record.value) };
  } catch (cause) {
    return { kind: 'poison', reason: 'contenu_illisible', cause };
  }
}

function knowsVersion(registry: Registry, prefix: string): boolean {
  for (const type of registry) if (type.kind === 'message' && type.typeName.startsWith(prefix)) return true;
  return false;
}
