import { Server, ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { toHandlers, type AnswerOptions } from './answer.ts';
import { serverChannelOptions } from './channel-options.ts';
import type { Implementation } from './implement.ts';
import { methodName, toServiceDefinition } from './service-definition.ts';
import type { GrpcTls } from './tls.ts';

export type ServeOptions = AnswerOptions & {
  services: Implementation[];
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** Mutual TLS, from `readTls`; plain HTTP/2 without it. */
  tls?: GrpcTls | undefined;
  /** Milliseconds after which connections are replaced; 5 min when not given. */
  connectionAgeMs?: number;
};

export type GrpcServer = {
  port: number;
  /** Answer of the health service (grpc.health.v1), for the server and each of its services. NOT_SERVING at first. */
  setReady: (ready: boolean) => void;
  /** Refuses new calls, waits for the running ones for at most `graceMs`, then cuts them. */
  close: (graceMs: number) => Promise<void>;
};

/**
 * Serves gRPC: per call a span, a request id, the verified actor, a metric and errors by the table of kinds. Every method
 * outside `publicMethods` needs a valid token. Rejects when the port is taken or a public method is unknown.
 */
export async function serve(options: ServeOptions): Promise<GrpcServer> {
  const { services, host, port } = options;
  refuseUnknownMethods(options);
  const server = new Server({ ...serverChannelOptions, ...(options.connectionAgeMs === undefined ? {} : { 'grpc.max_connection_age_ms': options.connectionAgeMs }) });
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
