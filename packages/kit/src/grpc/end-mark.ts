import type { Metadata } from '@grpc/grpc-js';

const key = 'x-end-mark';

/**
 * The last thing a stream of requests sends: one byte that no protobuf message begins with (there is no wire type 7).
 * Node's HTTP/2 ends a stream properly before it resets it, so that to the server a sender that gave up, or whose file
 * was cut, looks for a moment like one that is done: half a file must not be kept as a whole one.
 */
export const endMark: Buffer = Buffer.from([0x07]);

export const isEndMark = (bytes: Buffer): boolean => bytes.equals(endMark);

/** Tells the server that without the mark the stream was cut; of another client of gRPC it takes the end as it is. */
export function announceEndMark(metadata: Metadata): Metadata {
  metadata.set(key, '1');
  return metadata;
}

export const saysItMarksTheEnd = (metadata: Metadata): boolean => metadata.get(key)[0] === '1';
