import { create, fromBinary, toBinary, type DescMethod, type MessageInitShape } from '@bufbuild/protobuf';
import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type StatusObject, type handleUnaryCall } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { callbackify } from 'node:util';
import type { Acteur } from '../acteur/acteur.ts';
import { AppError, errorMetadataKey, toAppError, toServiceError, unauthenticated } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { runWithRequest, runWithTraceparent, withSpan } from '../telemetry/index.ts';
import { serverChannelOptions } from './channel-options.ts';
import type { CallContext, Implementation } from './implement.ts';
import { isIdempotencyKey, readMetadata } from './metadata.ts';
import { methodName, toServiceDefinition } from './service-definition.ts';
import type { GrpcTls } from './tls.ts';

export type ServeOptions = {
  services: Implementation[];
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** Verifies access tokens; without it only public methods can be called. */
  verify?: (token: string) => Promise<Acteur>;
  /** Full names (`mediai.auth.v1.AuthService/IssueToken`) that need no token; a broken one is ignored there. */
  publicMethods?: string[];
  /** Mutual TLS, from `readTls`; plain HTTP/2 without it. */
  tls?: GrpcTls | undefined;
  log: Logger;
  metrics: Metrics;
};

export type GrpcServer = {
  port: number;
  /** Answer of the health service (grpc.health.v1), for the server and each of its services. NOT_SERVING at first. */
  setReady: (ready: boolean) => void;
  /** Refuses new calls, waits for the running ones for at most `graceMs`, then cuts them. */
  close: (graceMs: number) => Promise<void>;
};

type Call = ServerUnaryCall<Buffer, Buffer>;
type AnyHandler = (request: unknown, context: CallContext) => Promise<unknown>;

/**
 * Serves gRPC: per call a span, a request id, the verified actor, a metric and errors by the table of kinds. Every method
 * outside `publicMethods` needs a valid token. Rejects when the port is taken or a public method is unknown.
 */
export async function serve(options: ServeOptions): Promise<GrpcServer> {
  const { services, host, port } = options;
  refuseUnknownMethods(options);
  const server = new Server(serverChannelOptions);
  const health = new HealthImplementation();
  const setReady = (ready: boolean): void => {
    for (const name of ['', ...services.map(({ service }) => service.typeName)]) health.setStatus(name, ready ? 'SERVING' : 'NOT_SERVING');
  };
  setReady(false);
  health.addToServer(server);
  for (const implementation of services) server.addService(toServiceDefinition(implementation.service), toHandlers(implementation, options));

  const boundPort = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, options.tls?.server ?? ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return {
    port: boundPort,
    setReady,
    close: (graceMs) => {
      setReady(false);
      return new Promise((resolve) => {
        const force = setTimeout(() => {
          server.forceShutdown();
          resolve(); // a connection that never spoke HTTP/2 is waited for by grpc-js for ever
        }, graceMs);
        server.tryShutdown(() => {
          clearTimeout(force);
          resolve();
        });
      });
    },
  };
}

function refuseUnknownMethods({ services, publicMethods = [] }: ServeOptions): void {
  const names = new Set(services.flatMap(({ service }) => service.methods.map(methodName)));
  const unknown = publicMethods.filter((name) => !names.has(name));
  if (unknown.length > 0) throw new Error(`publicMethods names no served method: ${unknown.join(', ')}`);
}

function toHandlers({ service, handlers }: Implementation, options: ServeOptions): Record<string, handleUnaryCall<Buffer, Buffer>> {
  const served = service.methods.filter((method) => handlers[method.localName]);
  const bind = (method: DescMethod): handleUnaryCall<Buffer, Buffer> => {
    const handler = handlers[method.localName] as AnyHandler;
    const run = callbackify((call: Call) =>
      answer(call, method, handler, options).catch((thrown: unknown) => {
        throw toStatus(thrown);
      }),
    );
    return (call, callback) => run(call, callback as (error: unknown, bytes?: Buffer) => void);
  };
  return Object.fromEntries(served.map((method) => [method.localName, bind(method)]));
}

async function answer(call: Call, method: DescMethod, handler: AnyHandler, options: ServeOptions): Promise<Buffer> {
  const name = methodName(method);
  const { traceparent, token, ...incoming } = readMetadata(call.metadata);
  const startedMs = performance.now();
  let code = 'ok';
  const run = async (): Promise<Buffer> => {
    try {
      const acteur = await authenticate(token, options.publicMethods?.includes(name) ?? false, options.verify);
      const { idempotencyKey } = incoming;
      if (idempotencyKey !== undefined && !isIdempotencyKey(idempotencyKey)) throw new AppError('invalid', 'idempotence.cle_invalide', "La clé d'idempotence doit compter 1 à 255 caractères visibles.");
      const request = decode(method, call.request);
      const response = await handler(request, { ...incoming, acteur, ...limits(call) });
      return Buffer.from(toBinary(method.output, create(method.output, response as MessageInitShape<typeof method.output>)));
    } catch (thrown) {
      code = toAppError(thrown).kind;
      logFailure(options.log, name, thrown, performance.now() - startedMs);
      throw thrown;
    } finally {
      options.metrics.grpcServerDuration.observe({ method: name, code }, (performance.now() - startedMs) / 1000);
    }
  };
  const attributes = { 'rpc.system': 'grpc', 'rpc.service': method.parent.typeName, 'rpc.method': method.name };
  return runWithRequest({ requestId: incoming.requestId, adresse: incoming.adresse }, () => runWithTraceparent(traceparent, () => withSpan(name, { kind: 'server', attributes }, run)));
}

async function authenticate(token: string | undefined, isPublic: boolean, verify: ServeOptions['verify']): Promise<Acteur | undefined> {
  if (!token || !verify) {
    if (isPublic) return undefined;
    throw unauthenticated();
  }
  return isPublic ? verify(token).catch(() => undefined) : verify(token);
}

function decode(method: DescMethod, bytes: Buffer): unknown {
  try {
    return fromBinary(method.input, bytes);
  } catch (cause) {
    throw new AppError('invalid', 'requete.illisible', 'La requête est illisible.', { cause });
  }
}

function limits(call: Call): Pick<CallContext, 'signal' | 'deadlineMs'> {
  const abort = new AbortController();
  call.on('cancelled', () => abort.abort(new AppError('deadline', 'requete.annulee', 'La requête a été annulée.')));
  if (call.cancelled) abort.abort();
  return { signal: abort.signal, deadlineMs: Math.max(0, Number(call.getDeadline()) - Date.now()) };
}

function logFailure(log: Logger, method: string, thrown: unknown, durationMs: number): void {
  const { kind, code } = toAppError(thrown);
  const fields = { method, kind, code, duration_ms: Math.round(durationMs) };
  if (kind === 'internal') log.error({ ...fields, err: thrown }, 'call failed');
  else if (kind === 'unavailable' || kind === 'deadline') log.warn({ ...fields, err: thrown }, 'call failed');
  else log.debug(fields, 'call refused');
}

function toStatus(thrown: unknown): Partial<StatusObject> {
  const { code, details, payload } = toServiceError(thrown);
  const metadata = new Metadata();
  metadata.set(errorMetadataKey, payload);
  return { code, details, metadata };
}
