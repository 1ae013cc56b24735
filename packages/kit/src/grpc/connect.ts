import { create, fromBinary, toBinary, type DescMethod, type DescService, type MessageInitShape } from '@bufbuild/protobuf';
import { Client, connectivityState, credentials, status, type ServiceError } from '@grpc/grpc-js';
import { AppError, fromServiceError, toAppError } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { withSpan } from '../telemetry/index.ts';
import { clientChannelOptions } from './channel-options.ts';
import { writeMetadata, type CallMetadata } from './metadata.ts';
import { methodName, toMethodDefinition, type RequestInitOf, type ResponseOf, type UnaryMethod } from './service-definition.ts';
import type { GrpcTls } from './tls.ts';

export type CallOptions = CallMetadata & {
  /** Cancels the call on the server too. */
  signal?: AbortSignal;
  /** Milliseconds the whole call may take, waiting for a connection included. */
  deadlineMs?: number;
};

export type ConnectOptions = {
  /** host:port */
  address: string;
  /** Default deadline of a call; 5 s when not given. */
  deadlineMs?: number;
  /** Mutual TLS, from `readTls`; plain HTTP/2 without it. */
  tls?: GrpcTls | undefined;
  log?: Logger;
  metrics?: Metrics;
};

export type GrpcClient<S extends DescService> = {
  [K in UnaryMethod<S>]: (request: RequestInitOf<S, K>, options?: CallOptions) => Promise<ResponseOf<S, K>>;
} & { close: () => void };

const hungChannelMs = 10_000;

type Channel = ReturnType<typeof openChannel>;

/**
 * A client over one kept connection, opened by its first call. Every call has a deadline, carries request id and
 * traceparent, and fails with the AppError the server threw; a server that is away is `unavailable`, a late one `deadline`.
 * Nothing is retried but what grpc-js knows never left this process.
 */
export function connect<S extends DescService>(service: S, options: ConnectOptions): GrpcClient<S> {
  const channel = openChannel(options);
  const calls = service.methods
    .filter((method) => method.methodKind === 'unary')
    .map((method) => [method.localName, (request: unknown, callOptions: CallOptions = {}) => call(channel, method, request, callOptions, options)]);
  return { ...Object.fromEntries(calls), close: () => channel.close() } as GrpcClient<S>;
}

async function call(channel: Channel, method: DescMethod, init: unknown, callOptions: CallOptions, options: ConnectOptions): Promise<unknown> {
  const name = methodName(method);
  const startedMs = performance.now();
  const deadlineMs = callOptions.deadlineMs ?? options.deadlineMs ?? 5_000;
  const attributes = { 'rpc.system': 'grpc', 'rpc.service': method.parent.typeName, 'rpc.method': method.name };
  let code = 'ok';
  return withSpan(name, { kind: 'client', attributes }, async () => {
    try {
      const request = Buffer.from(toBinary(method.input, create(method.input, init as MessageInitShape<typeof method.input>)));
      return fromBinary(method.output, await send(channel, method, request, callOptions, deadlineMs));
    } catch (thrown) {
      const error = toAppError(thrown);
      code = error.kind;
      if (error.kind === 'unavailable' || error.kind === 'deadline') {
        options.log?.warn({ method: name, address: options.address, kind: error.kind, reason: reasonOf(error), duration_ms: Math.round(performance.now() - startedMs) }, 'peer did not answer');
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

function send(channel: Channel, method: DescMethod, request: Buffer, options: CallOptions, deadlineMs: number): Promise<Buffer> {
  const { signal } = options;
  const { path, requestSerialize, responseDeserialize } = toMethodDefinition(method);
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new AppError('deadline', 'requete.annulee', 'La requête a été annulée.', { cause: signal.reason }));
    const sent = channel.client().makeUnaryRequest(path, requestSerialize, responseDeserialize, request, writeMetadata(options), { deadline: Date.now() + deadlineMs }, (error, response) => {
      signal?.removeEventListener('abort', cancel);
      if (!error) return resolve(response as Buffer);
      channel.noticeFailure(error);
      reject(fromServiceError(error));
    });
    const cancel = (): void => sent.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

/**
 * One connection, replaced when it hangs: a peer that swallows packets can hold a connection in CONNECTING for tens of
 * seconds, through which calls only time out. Calls still waiting on the old one end by their own deadlines.
 */
function openChannel({ address, tls }: Pick<ConnectOptions, 'address' | 'tls'>) {
  const open = (): Client => new Client(address, tls?.channel ?? credentials.createInsecure(), clientChannelOptions);
  const hung = new Set<Client>();
  let current = open();
  return {
    client: (): Client => current,
    noticeFailure(error: ServiceError): void {
      if (error.code !== status.DEADLINE_EXCEEDED || current.getChannel().getConnectivityState(false) !== connectivityState.CONNECTING) return;
      const old = current;
      hung.add(old);
      current = open();
      setTimeout(() => hung.delete(old) && old.close(), hungChannelMs).unref();
    },
    close(): void {
      for (const client of [current, ...hung]) client.close();
      hung.clear();
    },
  };
}
