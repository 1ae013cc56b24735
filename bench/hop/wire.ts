import { fromBinary, toBinary, type DescMessage, type DescMethodUnary, type Message, type MessageShape } from '@bufbuild/protobuf';
import type { ChannelOptions, MethodDefinition } from '@grpc/grpc-js';

const maxMessageBytes = 128 * 1024 * 1024;

/** Both ends take a page of the largest fiches, as those of the suite do. */
export const channelOptions: ChannelOptions = { 'grpc.max_receive_message_length': maxMessageBytes, 'grpc.max_send_message_length': maxMessageBytes, 'grpc.enable_http_proxy': 0 };

const encoder = (schema: DescMessage) => (message: Message): Buffer => {
  const bytes = toBinary(schema, message);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

/** A method of the contracts as grpc-js has it, its messages encoded by protobuf-es. */
export function definitionOf<I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>): MethodDefinition<MessageShape<I>, MessageShape<O>> {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: encoder(method.input),
    requestDeserialize: (bytes) => fromBinary(method.input, bytes),
    responseSerialize: encoder(method.output),
    responseDeserialize: (bytes) => fromBinary(method.output, bytes),
  };
}

/** Names of what travels beside a request. */
export const beside = { token: 'authorization', requestId: 'x-request-id', motif: 'x-access-reason', adresse: 'x-client-address' } as const;
