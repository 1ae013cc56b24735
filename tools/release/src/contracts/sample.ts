import { ScalarType, type DescEnum, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { reflect, type ReflectList, type ReflectMap, type ReflectMessage } from '@bufbuild/protobuf/reflect';

/** How often a message may stand inside itself. */
const recursion = 2;

/**
 * A message with every field filled, no two alike, so that a field read as another is seen. Lists and maps hold two
 * entries and one; of a choice the field number `variant` (modulo how many there are) is taken: see `variantsOf`.
 */
export function sampleOf(desc: DescMessage, variant = 0): Message {
  return fill(desc, variant, []).message;
}

/** How many samples it takes to have filled every field of every choice of a message and of those in it. */
export function variantsOf(desc: DescMessage, seen: DescMessage[] = []): number {
  if (seen.includes(desc)) return 1;
  const inside = desc.fields.flatMap((field) => (field.message ? [variantsOf(field.message, [...seen, desc])] : []));
  return Math.max(1, ...desc.oneofs.map((oneof) => oneof.fields.length), ...inside);
}

function fill(desc: DescMessage, variant: number, stack: DescMessage[]): ReflectMessage {
  const message = reflect(desc);
  if (stack.filter((one) => one === desc).length >= recursion) return message;
  for (const field of desc.fields) {
    if (field.oneof && field.oneof.fields[variant % field.oneof.fields.length] !== field) continue;
    setField(message, field, variant, [...stack, desc]);
  }
  return message;
}

function setField(message: ReflectMessage, field: DescField, variant: number, stack: DescMessage[]): void {
  if (field.fieldKind === 'list') {
    const list = message.get(field) as ReflectList;
    for (const nth of [0, 1]) list.add(valueOf(field, nth, variant, stack));
    message.set(field, list);
  } else if (field.fieldKind === 'map') {
    const map = message.get(field) as ReflectMap;
    map.set(scalar(field.mapKey, field.number, 0), valueOf(field, 0, variant, stack));
    message.set(field, map);
  } else {
    message.set(field, valueOf(field, 0, variant, stack));
  }
}

function valueOf(field: DescField, nth: number, variant: number, stack: DescMessage[]): unknown {
  if (field.message) return fill(field.message, variant, stack);
  if (field.enum) return enumValue(field.enum);
  return scalar(field.scalar!, field.number, nth);
}

/** The newest word of an enumeration: the one that the other side may not know. */
const enumValue = (desc: DescEnum): number => Math.max(...desc.values.map(({ number }) => number));

function scalar(type: ScalarType, number: number, nth: number): unknown {
  const size = 1_000 + number * 2 + nth;
  switch (type) {
    case ScalarType.BOOL:
      return true;
    case ScalarType.STRING:
      return `valeur-${size}`;
    case ScalarType.BYTES:
      return Uint8Array.of(0xff, number % 256, nth);
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return size + 0.5;
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return -size;
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return size;
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return BigInt(size) << 32n;
    default:
      return -(BigInt(size) << 32n);
  }
}
