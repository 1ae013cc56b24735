import { create, fromBinary, toBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { AppError } from '../errors/index.ts';

/** A message, or what it is made from, as bytes for the wire. */
export function encode(schema: DescMessage, message: unknown): Buffer {
  const { buffer, byteOffset, byteLength } = toBinary(schema, create(schema, message as MessageInitShape<DescMessage>));
  return Buffer.from(buffer, byteOffset, byteLength); // not a copy
}

/** A message that somebody sent. @throws AppError invalid `requete.illisible` for broken bytes */
export function decodeRequest(schema: DescMessage, bytes: Buffer): unknown {
  try {
    return fromBinary(schema, bytes);
  } catch (cause) {
    throw new AppError('invalid', 'requete.illisible', 'La requête est illisible.', { cause });
  }
}
