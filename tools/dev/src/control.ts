import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Suite } from './bring-up.ts';
import type { Part } from './parts/part.ts';
import type { Env } from './paths.ts';
import type { Supervised } from './service-process.ts';
import { gatewayUrl, internalUrl, serviceNames } from './suite.ts';
import type { ServiceName } from './suite.ts';

type Deed = () => Promise<unknown> | unknown;

const deedsOfService = (service: Supervised): Record<string, Deed> => ({
  kill: () => service.kill(),
  stop: () => service.stop(),
  start: async () => {
    await service.start();
    await service.untilReady();
  },
  ready: () => service.untilReady(),
  pause: () => service.signal('SIGSTOP'),
  resume: () => service.signal('SIGCONT'),
});

const deedsOfPart = (part: Part): Record<string, Deed> => ({
  kill: () => part.signal('SIGKILL'),
  stop: () => part.stop(),
  start: () => part.start(),
  pause: () => part.signal('SIGSTOP'),
  resume: () => part.signal('SIGCONT'),
});

/** What journeys may know of the suite: addresses, pids, log files, and what its tokens are signed with, so that they can try false ones. */
export function stateOf(suite: Suite) {
  const service = (name: ServiceName) => {
    const { pid, restarts, logFile } = suite.services[name];
    return [name, { pid: pid(), restarts: restarts(), logFile, internalUrl: internalUrl(suite.world, name), grpc: `127.0.0.1:${suite.world.ports[name].grpc}`, databaseUrl: suite.world.postgres[name] }];
  };
  const part = ({ name, origin, url, pid }: Part) => [name, { origin, url, pid: pid() }];
  return {
    gatewayUrl: gatewayUrl(suite.world),
    sandboxUrl: suite.world.sandboxUrl,
    authKeySecret: suite.world.secret('auth-keys'),
    services: Object.fromEntries(serviceNames.map(service)),
    parts: Object.fromEntries([suite.parts.postgres, suite.parts.redis, suite.parts.kafka].map(part)),
  };
}

/**
 * The launcher's control, for journeys and fault tests only (MEDIAI_MODE=test), on the loopback:
 * GET /state, POST /services/<name>/{kill,stop,start,ready,pause,resume}, POST /parts/<name>/{kill,stop,start,pause,resume};
 * PUT /replicas/<name> with `{ service, env }` starts one more process of a service and tells where it answers,
 * GET /replicas/<name> tells it again, DELETE ends it. Each answers when the deed is done: 200 with JSON, 404 for what it does not know, 500 with the reason.
 */
export async function startControl(suite: Suite): Promise<{ url: string; close: () => Promise<void> }> {
  if (suite.world.mode !== 'test') throw new Error('the control server is for tests only');
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const [kind, name = '', deed = ''] = (request.url ?? '').split('/').filter(Boolean);
    if (request.method === 'GET' && kind === 'state') return answer(200, stateOf(suite));
    if (kind === 'replicas') return void answerReplica(suite, request, name).then((found) => answer(found ? 200 : 404, found ?? { error: `no replica ${name}` }), (error: Error) => answer(500, { error: error.message }));
    const perform = request.method === 'POST' ? findDeed(suite, kind, name, deed) : undefined;
    if (!perform) return answer(404, { error: `no ${request.method} ${request.url} here` });
    try {
      await perform();
      answer(200, { done: `${deed} ${name}` });
    } catch (error) {
      answer(500, { error: error instanceof Error ? error.message : String(error) });
    }
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
}

/** Starts, tells or ends a replica; undefined where there is none of this name. */
async function answerReplica({ replicas }: Suite, request: IncomingMessage, name: string): Promise<Record<string, unknown> | undefined> {
  if (request.method === 'PUT') {
    const { service, env } = (await json(request)) as { service: ServiceName; env: Env };
    await replicas.start(name, service, env);
  }
  const { process, ...addresses } = replicas.find(name) ?? {};
  if (!process) return undefined;
  if (request.method === 'DELETE') await replicas.end(name);
  return { pid: process.pid(), restarts: process.restarts(), logFile: process.logFile, ...addresses };
}

function findDeed(suite: Suite, kind: string | undefined, name: string, deed: string): Deed | undefined {
  if (kind === 'services') {
    const service = name === 'sandbox' ? suite.sandbox : suite.services[name as ServiceName];
    return service && deedsOfService(service)[deed];
  }
  const part = kind === 'parts' ? ({ postgres: suite.parts.postgres, redis: suite.parts.redis, kafka: suite.parts.kafka } as Record<string, Part>)[name] : undefined;
  return part && deedsOfPart(part)[deed];
}
