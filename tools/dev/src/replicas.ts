import type { Env } from './paths.ts';
import type { Ports } from './ports.ts';
import type { ServicePrograms } from './service-programs.ts';
import type { Supervised } from './service-process.ts';
import { gatewayUrl, internalUrl, serviceEnv } from './suite.ts';
import type { ServiceName, World } from './suite.ts';

/** One more process of a service, beside the suite's own; it answers on ports of its own. */
export type Replica = { process: Supervised; grpc: string; internalUrl: string; /** Of a gateway's replica. */ gatewayUrl: string };

export type Replicas = {
  /**
   * Starts another process of a service under a name of its own and waits until it is ready.
   * @param env comes on top of the service's own environment
   */
  start(name: string, service: ServiceName, env: Env): Promise<Replica>;
  find(name: string): Replica | undefined;
  /** Ends it and forgets it; nothing where there is none of this name. */
  end(name: string): Promise<void>;
  endAll(): Promise<void>;
};

type Needs = {
  world: World;
  ports: Ports;
  programs: ServicePrograms;
  supervise: (name: string, args: string[], env: Env, readyUrl: string, command: string) => Supervised;
};

/** Further processes of a suite's services, on its databases, its brokers and with its secrets. */
export function createReplicas({ world, ports, programs, supervise }: Needs): Replicas {
  const running = new Map<string, Replica>();

  async function start(name: string, service: ServiceName, env: Env): Promise<Replica> {
    await end(name);
    const own = { grpc: await ports.claim(`${name}-grpc`), internal: await ports.claim(`${name}-internal`) };
    const itsWorld: World = { ...world, ports: { ...world.ports, [service]: own }, gatewayPort: service === 'gateway' ? await ports.claim(name) : world.gatewayPort };
    const program = await programs.command(service, 'main', { ...serviceEnv(itsWorld, service), ...env });
    const process = supervise(name, program.args, program.env, `${internalUrl(itsWorld, service)}/readyz`, program.command);
    const replica = { process, grpc: `127.0.0.1:${own.grpc}`, internalUrl: internalUrl(itsWorld, service), gatewayUrl: gatewayUrl(itsWorld) };
    running.set(name, replica);
    await process.start();
    await process.untilReady();
    return replica;
  }

  async function end(name: string): Promise<void> {
    const replica = running.get(name);
    running.delete(name);
    await replica?.process.stop();
  }

  return {
    start,
    find: (name) => running.get(name),
    end,
    async endAll() {
      await Promise.all([...running.keys()].map(end));
    },
  };
}
