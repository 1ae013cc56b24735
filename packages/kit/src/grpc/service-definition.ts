import type { DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';

/** Names of the unary methods of a service, in camelCase. */
export type UnaryMethod<S extends DescService> = keyof { [K in keyof S['method'] as S['method'][K]['methodKind'] extends 'unary' ? K : never]: true } & string;
export type RequestOf<S extends DescService, K extends UnaryMethod<S>> = MessageShape<S['method'][K]['input']>;
export type RequestInitOf<S extends DescService, K extends UnaryMethod<S>> = MessageInitShape<S['method'][K]['input']>;
export type ResponseOf<S extends DescService, K extends UnaryMethod<S>> = MessageShape<S['method'][K]['output']>;
export type ResponseInitOf<S extends DescService, K extends UnaryMethod<S>> = MessageInitShape<S['method'][K]['output']>;

/** Full name of a method, as in `publicMethods`, metrics and spans: `mediai.auth.v1.AuthService/IssueToken`. */
export function methodName(method: DescMethod): string {
  return `${method.parent.typeName}/${method.name}`;
}

/**
 * grpc-js's definition of a protobuf-es service. Messages cross it as bytes: they are decoded and encoded inside the
 * call, where a broken one is an error like any other and not grpc-js's own text.
 */
export function toServiceDefinition(service: DescService): ServiceDefinition {
  return Object.fromEntries(service.methods.map((method) => [method.localName, toMethodDefinition(method)]));
}

const asBytes = (bytes: Buffer): Buffer => bytes;

export function toMethodDefinition(method: DescMethod): MethodDefinition<Buffer, Buffer> {
  return {
    path: `/${methodName(method)}`,
    requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    requestSerialize: asBytes,
    requestDeserialize: asBytes,
    responseSerialize: asBytes,
    responseDeserialize: asBytes,
  };
}
