import type { DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';

type MethodKind = 'unary' | 'client_streaming' | 'server_streaming';

/** Names of the methods of a service that are of one kind, in camelCase. */
export type MethodOf<S extends DescService, Kind extends MethodKind = MethodKind> = keyof { [K in keyof S['method'] as S['method'][K]['methodKind'] extends Kind ? K : never]: true } & string;
export type RequestOf<S extends DescService, K extends keyof S['method']> = MessageShape<S['method'][K]['input']>;
export type RequestInitOf<S extends DescService, K extends keyof S['method']> = MessageInitShape<S['method'][K]['input']>;
export type ResponseOf<S extends DescService, K extends keyof S['method']> = MessageShape<S['method'][K]['output']>;
export type ResponseInitOf<S extends DescService, K extends keyof S['method']> = MessageInitShape<S['method'][K]['output']>;

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
