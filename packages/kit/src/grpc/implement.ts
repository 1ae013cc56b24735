import type { DescService } from '@bufbuild/protobuf';
import type { Acteur } from '../acteur/acteur.ts';
import { unauthenticated } from '../errors/index.ts';
import type { RequestOf, ResponseInitOf, UnaryMethod } from './service-definition.ts';

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

export type Handler<S extends DescService, K extends UnaryMethod<S>> = (request: RequestOf<S, K>, context: CallContext) => Promise<ResponseInitOf<S, K>>;
export type Handlers<S extends DescService> = { [K in UnaryMethod<S>]?: Handler<S, K> };
export type Implementation = { service: DescService; handlers: Record<string, ((request: never, context: CallContext) => Promise<unknown>) | undefined> };

/** Binds handlers to the unary methods of a service, by camelCase name. A method without one answers UNIMPLEMENTED. */
export function implement<S extends DescService>(service: S, handlers: Handlers<S>): Implementation {
  return { service, handlers: handlers as Implementation['handlers'] };
}

/** The verified caller. @throws AppError unauthenticated */
export function acteurOf({ acteur }: CallContext): Acteur {
  if (!acteur) throw unauthenticated();
  return acteur;
}
