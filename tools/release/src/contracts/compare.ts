import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';

/**
 * What a reader of another version did not take as its writer meant it, a sentence each. Fields are paired by number,
 * as on the wire: one that both know must say the same, one that only the writer knows is passed over, one that only
 * the reader knows must be empty.
 */
export function differences(writer: DescMessage, written: Message, reader: DescMessage, read: Message): string[] {
  return compare(reflect(writer, written), reflect(reader, read), writer.typeName);
}

function compare(written: ReflectMessage, read: ReflectMessage, where: string): string[] {
  const theirs = new Map(read.desc.fields.map((field) => [field.number, field]));
  const known = written.desc.fields.flatMap((field) => {
    const other = theirs.get(field.number);
    theirs.delete(field.number);
    return other ? compareField(written, field, read, other, `${where}.${field.name}`) : [];
  });
  const invented = [...theirs.values()].filter((field) => read.isSet(field)).map((field) => `${where}: ${field.name}, which was never written, was read.`);
  return [...known, ...invented];
}

function compareField(written: ReflectMessage, field: DescField, read: ReflectMessage, other: DescField, where: string): string[] {
  const ours = entries(written, field);
  const theirs = entries(read, other);
  if (field.fieldKind === 'list' !== (other.fieldKind === 'list') || ours.length !== theirs.length) return [`${where}: ${ours.length} written, ${theirs.length} read as ${describe(other)}.`];
  return ours.flatMap(([key, value], at) => {
    const [otherKey, otherValue] = theirs[at]!;
    if (key !== otherKey) return [`${where}: key ${key} was read as ${otherKey}.`];
    if (isMessage(value) && isMessage(otherValue)) return compare(value, otherValue, where);
    return text(value) === text(otherValue) ? [] : [`${where}: ${text(value)} was read as ${text(otherValue)} (${describe(other)}).`];
  });
}

function entries(message: ReflectMessage, field: DescField): [string, unknown][] {
  if (!message.isSet(field)) return [];
  if (field.fieldKind === 'list') return [...message.get(field)].map((value, at) => [String(at), value]);
  if (field.fieldKind === 'map') return [...message.get(field)].map(([key, value]) => [String(key), value]);
  return [['', message.get(field)]];
}

const isMessage = (value: unknown): value is ReflectMessage => typeof value === 'object' && value !== null && 'desc' in value;
const text = (value: unknown): string => (value instanceof Uint8Array ? `0x${Buffer.from(value).toString('hex')}` : isMessage(value) ? value.desc.typeName : String(value));
const describe = (field: DescField): string => `${field.fieldKind} ${field.message?.typeName ?? field.enum?.typeName ?? `scalar ${field.scalar}`}`;
