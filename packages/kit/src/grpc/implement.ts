import type { DescService } from '@bufbuild/protobuf';
import type { Acteur } from '../acteur/acteur.ts';
import { unauthenticated } from '../errors/index.ts';
import type { MethodOf, RequestOf, ResponseInitOf } from './service-definition.ts';

/** What a handler knows of a call beside its request. */
export type CallContext = {
  /** The verified caller; always there but for public methods. */
  acteur?: Acteur;
  requestId: string;
  idempotencyKey?: string;
  accessReason?: string;
  /** Network address of the client, as the caller told it. */
  adresse?: string;
  /** Aborted when the caller gives up or its deadline passes. */
  signal: AbortSignal;
  /** Milliseconds left when the call arrived; Infinity without a deadline. */
  deadlineMs: number;
};

type Kind<S extends DescService, K extends keyof S['method']> = S['method'][K]['methodKind'];

/** Of a method that is asked once and answers once. */
export type Handler<S extends DescService, K extends keyof S['method']> = (request: RequestOf<S, K>, context: CallContext) => Promise<ResponseInitOf<S, K>>;

/**
 * Of a client-streaming method. Requests are read as they are asked for: what is not read waits at the caller. Reading
 * throws when the caller gives up, and `requete.illisible` at a broken message. To answer before the end stops the caller.
 */
export type UpHandler<S extends DescService, K extends keyof S['method']> = (requests: AsyncIterable<RequestOf<S, K>>, context: CallContext) => Promise<ResponseInitOf<S, K>>;

/**
 * Of a server-streaming method. The next answer is asked for when the caller has taken the last; when it gives up,
 * `return` is called, so that a generator's `finally` runs.
 */
export type DownHandler<S extends DescService, K extends keyof S['method']> = (request: RequestOf<S, K>, context: CallContext) => AsyncIterable<ResponseInitOf<S, K>>;

// One mapped type, not three joined: TypeScript would else give a handler written in place the parameters of all three.
export type Handlers<S extends DescService> = {
  [K in MethodOf<S>]?: Kind<S, K> extends 'unary' ? Handler<S, K> : Kind<S, K> extends 'client_streaming' ? UpHandler<S, K> : DownHandler<S, K>;
};
export type Implementation = { service: DescService; handlers: Record<string, ((request: never, context: CallContext) => unknown) | undefined> };

/** Binds handlers to the methods of a service, by camelCase name. A method without one answers UNIMPLEMENTED. */
export function implement<S extends DescService>(service: S, handlers: Handlers<S>): Implementation {
  return { service, handlers: handlers as Implementation['handlers'] };
}

/** The verified caller. @throws AppError unauthenticated */
export function acteurOf({ acteur }: CallContext): Acteur {
  if (!acteur) throw unauthenticated();
  return acteur;
}
