import { create, type DescMessage, type DescMethodUnary, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { Metadata, Server, ServerCredentials, type handleUnaryCall, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { TokenVerifier } from '@mediai/kit/acteur';
import { errorMetadataKey, toAppError, toServiceError, unauthenticated } from '@mediai/kit/errors';
import type { Appel } from '../floor/appel.ts';
import { beside, channelOptions, definitionOf } from './wire.ts';

const textOf = (metadata: Metadata, name: string): string | undefined => {
  const [value] = metadata.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

async function appelOf(metadata: Metadata, verify: TokenVerifier): Promise<Appel> {
  const token = /^Bearer (\S+)$/.exec(textOf(metadata, beside.token) ?? '')?.[1];
  if (token === undefined) throw unauthenticated();
  const motif = textOf(metadata, beside.motif);
  return { acteur: await verify(token), requestId: textOf(metadata, beside.requestId) ?? '', adresse: textOf(metadata, beside.adresse) ?? null, motif: motif && decodeURIComponent(motif) };
}

export interface Served {
  readonly method: DescMethodUnary;
  readonly handle: handleUnaryCall<never, never>;
}

/** Makes methods whose callers are verified again and whose errors cross as those of the suite do. */
export function createServed(verify: TokenVerifier) {
  return <I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>, act: (appel: Appel, request: MessageShape<I>) => Promise<MessageInitShape<O>>): Served => {
    const handle: handleUnaryCall<MessageShape<I>, MessageShape<O>> = (call, respond) => {
      appelOf(call.metadata, verify)
        .then((appel) => act(appel, call.request))
        .then((answer) => respond(null, create(method.output, answer)))
        .catch((thrown: unknown) => {
          if (toAppError(thrown).kind === 'internal') console.error(thrown);
          const { code, details, payload } = toServiceError(thrown);
          const metadata = new Metadata();
          metadata.set(errorMetadataKey, payload);
          respond({ code, details, metadata });
        });
    };
    return { method, handle: handle as unknown as Served['handle'] };
  };
}

/** Listens on 127.0.0.1. Returns what ends it. */
export async function serve(port: number, methods: readonly Served[]): Promise<() => Promise<void>> {
  const server = new Server(channelOptions);
  const definitions = Object.fromEntries(methods.map(({ method }) => [definitionOf(method).path, definitionOf(method)]));
  const handlers = Object.fromEntries(methods.map(({ method, handle }) => [definitionOf(method).path, handle])) as unknown as UntypedServiceImplementation;
  server.addService(definitions, handlers);
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
  });
  return () =>
    new Promise((resolve) => {
      const force = setTimeout(() => {
        server.forceShutdown();
        resolve();
      }, 1_000);
      server.tryShutdown(() => {
        clearTimeout(force);
        resolve();
      });
    });
}
