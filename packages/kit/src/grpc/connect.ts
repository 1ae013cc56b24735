import { fromBinary, type DescMethod, type DescService } from '@bufbuild/protobuf';
import type { ServiceError } from '@grpc/grpc-js';
import { toAppError, type AppError } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { withSpan } from '../telemetry/index.ts';
import { callDown, callUnary, callUp, type CallOptions, type LimitedCall } from './call.ts';
import { openChannel, type Channel } from './channel.ts';
import { encode } from './message-bytes.ts';
import type { Messages } from './send-messages.ts';
import { methodName, type MethodOf, type RequestInitOf, type ResponseOf } from './service-definition.ts';
import type { GrpcTls } from './tls.ts';

export type ConnectOptions = {
  /** host:port; calls take turns among all addresses of the host. */
  address: string;
  /** Default deadline of a call; 5 s when not given. */
  deadlineMs?: number;
  /** The same of a call that streams, whose files take as long as the slowest line; 10 min when not given. */
  streamDeadlineMs?: number;
  /** Mutual TLS, from `readTls`; plain HTTP/2 without it. */
  tls?: GrpcTls | undefined;
  log?: Logger;
  metrics?: Metrics;
};

export type GrpcClient<S extends DescService> = { [K in MethodOf<S, 'unary'>]: (request: RequestInitOf<S, K>, options?: CallOptions) => Promise<ResponseOf<S, K>> } & {
  /** Sends requests as fast as the peer reads them; resolves with its answer, which may come before the last was sent. */
  [K in MethodOf<S, 'client_streaming'>]: (requests: Messages<RequestInitOf<S, K>>, options?: CallOptions) => Promise<ResponseOf<S, K>>;
} & {
  /**
   * Resolves when the first answer (or the end) is there, so that an error before it is a rejection; one after it is
   * thrown by the iteration, which asks for more as it is read. Who stops reading early ends the call (`return`).
   */
  [K in MethodOf<S, 'server_streaming'>]: (request: RequestInitOf<S, K>, options?: CallOptions) => Promise<AsyncIterable<ResponseOf<S, K>>>;
} & { close: () => void };

export type Peer = ReturnType<typeof openPeer>;

/**
 * A service of the suite, over one kept connection that all clients of it share: what is known of the connection is known
 * to all of them, so that of two calls after a restart none finds the peer while the other still waits to try again.
 * @param name of the service called, in log lines
 */
export function openPeer(name: string, options: ConnectOptions) {
  const channel = openChannel(options);
  const clients = new Set<symbol>();
  return {
    /**
     * A client, whose first call opens the connection. Every call has a deadline, carries request id and traceparent, and
     * fails with the AppError the server threw; a server that is away is `unavailable`, a late one `deadline`. Nothing is
     * retried but what grpc-js knows never left this process. `close` ends the connection with the last client of the peer.
     */
    connect<S extends DescService>(service: S): GrpcClient<S> {
      const made = Symbol(service.typeName);
      clients.add(made);
      const calls = service.methods
        .filter(({ methodKind }) => methodKind in kinds)
        .map((method) => [method.localName, (sent: unknown, callOptions: CallOptions = {}) => kinds[method.methodKind as keyof typeof kinds](channel, method, sent, callOptions, { name, ...options })]);
      const close = (): void => {
        if (clients.delete(made) && clients.size === 0) channel.close();
      };
      return { ...Object.fromEntries(calls), close } as GrpcClient<S>;
    },
  };
}

/** The one client of a peer; where a peer has more than one, `openPeer`. */
export function connect<S extends DescService>(service: S, options: ConnectOptions): GrpcClient<S> {
  const [context = ''] = service.typeName.split('.').slice(-3);
  return openPeer(context, options).connect(service);
}

type PeerOptions = ConnectOptions & { name: string };

const kinds = {
  unary: (channel: Channel, method: DescMethod, request: unknown, callOptions: CallOptions, options: PeerOptions): Promise<unknown> =>
    observe(method, options, async () => fromBinary(method.output, await callUnary(channel, method, encode(method.input, request), withDeadline(callOptions, options.deadlineMs ?? 5_000)))),
  client_streaming: (channel: Channel, method: DescMethod, requests: unknown, callOptions: CallOptions, options: PeerOptions): Promise<unknown> =>
    observe(method, options, async () => fromBinary(method.output, await callUp(channel, method, requests as Messages<unknown>, withDeadline(callOptions, options.streamDeadlineMs ?? 600_000)))),
  server_streaming: (channel: Channel, method: DescMethod, request: unknown, callOptions: CallOptions, options: PeerOptions): Promise<unknown> => {
    const opened = Promise.withResolvers<AsyncIterable<unknown>>();
    observe(method, options, () => callDown(channel, method, encode(method.input, request), withDeadline(callOptions, options.streamDeadlineMs ?? 600_000), opened.resolve)).catch(opened.reject);
    return opened.promise;
  },
};

const withDeadline = (options: CallOptions, deadlineMs: number): LimitedCall => ({ deadlineMs, ...options });

/** Runs a call with all that every call has: a span, a metric, a line when the peer was away. */
function observe<T>(method: DescMethod, options: PeerOptions, call: () => Promise<T>): Promise<T> {
  const name = methodName(method);
  const startedMs = performance.now();
  const attributes = { 'rpc.system': 'grpc', 'rpc.service': method.parent.typeName, 'rpc.method': method.name };
  let code = 'ok';
  return withSpan(name, { kind: 'client', attributes }, async () => {
    try {
      return await call();
    } catch (thrown) {
      const error = toAppError(thrown);
      code = error.kind;
      if (error.kind === 'unavailable' || error.kind === 'deadline') {
        options.log?.warn({ method: name, peer: options.name, address: options.address, kind: error.kind, reason: reasonOf(error), duration_ms: Math.round(performance.now() - startedMs) }, 'peer did not answer');
      }
      throw error;
    } finally {
      options.metrics?.grpcClientDuration.observe({ method: name, code }, (performance.now() - startedMs) / 1000);
    }
  });
}

/** `tls` where the peer's certificate or its protocol was refused here: no waiting helps against a wrong file. */
function reasonOf({ cause }: AppError): string | undefined {
  const details = (cause as Partial<ServiceError> | undefined)?.details ?? '';
  return /\bERR_TLS_|\bSSL routines\b|\bcertificate\b/.test(details) ? 'tls' : undefined;
}
