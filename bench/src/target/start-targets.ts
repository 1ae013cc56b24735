import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, DatabaseName } from '../measurement.ts';
import { freePort } from './free-port.ts';
import { startServer, type Server } from './start-server.ts';
import type { Target } from './target.ts';

const folder = join(import.meta.dirname, '../..');
const databases: readonly DatabaseName[] = ['auth', 'consultation', 'ia', 'appointments', 'notifications'];

/** The suite as it runs. */
export const suiteTarget = (bench: Bench): Target => ({
  name: 'suite',
  url: bench.gatewayUrl,
  pids: () => bench.pids(),
  nodes: async () => Object.fromEntries(Object.entries(await bench.services()).map(([name, { pid, logFile }]) => [name, { pid, logFile }])),
});

/** What the floor and the hop are told of the suite, whose databases and keys they use. */
async function sharedEnv(bench: Bench): Promise<NodeJS.ProcessEnv> {
  const services = await bench.services();
  const urls = Object.fromEntries(databases.map((name) => [name, services[name]?.databaseUrl]));
  const secrets = JSON.parse(readFileSync(join(bench.stateDir, 'secrets.json'), 'utf8')) as Record<string, string>;
  return {
    ...process.env, NODE_ENV: 'production', FLOOR_DATABASES: JSON.stringify(urls), FLOOR_JWKS_URL: `${bench.gatewayUrl}/.well-known/jwks.json`,
    FLOOR_CONSULTATION_SECRET: secrets['service:consultation'], MEDIAI_PUBLIC_URL: bench.gatewayUrl,
  };
}

function targetOf(bench: Bench, name: Target['name'], port: number, servers: Record<string, Server>): Target {
  const nodes = Object.fromEntries(Object.entries(servers).map(([server, { pid, logFile }]) => [server, { pid, logFile }]));
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    pids: async () => {
      const { postgres } = await bench.pids();
      return { ...Object.fromEntries(Object.entries(nodes).map(([server, { pid }]) => [server, pid])), ...(postgres ? { postgres } : {}) };
    },
    nodes: async () => nodes,
  };
}

/**
 * Starts the floor and the hop over the suite's databases.
 * @param onEnd registers what ends them
 */
export async function startTargets(bench: Bench, onEnd: (undo: () => Promise<void>) => void): Promise<Target[]> {
  const env = await sharedEnv(bench);
  const logs = join(bench.stateDir, 'logs');
  const start = async (name: string, script: string, own: NodeJS.ProcessEnv): Promise<Server> => {
    const server = await startServer({ name, script: join(folder, script), env: { ...env, ...own }, logs });
    onEnd(server.stop);
    return server;
  };
  const [floorPort, hopPort, grpcPort] = [await freePort(), await freePort(), await freePort()];
  const floor = await start('floor', 'floor/main.ts', { FLOOR_PORT: String(floorPort) });
  const hop = { HOP_PORT: String(hopPort), HOP_GRPC_PORT: String(grpcPort) };
  const service = await start('hop-service', 'hop/main-service.ts', hop);
  const gateway = await start('hop-gateway', 'hop/main-gateway.ts', hop);
  return [targetOf(bench, 'floor', floorPort, { floor }), targetOf(bench, 'hop', hopPort, { 'hop-gateway': gateway, 'hop-service': service }), suiteTarget(bench)];
}
