import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from '../metrics/index.ts';

export type CheckState = 'ok' | 'degraded' | 'down';
export type Checks = Record<string, () => Promise<CheckState>>;

export type InternalServerOptions = {
  host: string;
  /** 0 takes a free port. */
  port: number;
  metrics: Pick<Metrics, 'expose'>;
  /** The service's own parts (its database, its broker…), never another service. */
  checks: Checks;
  /** False while starting and as soon as stopping begins. */
  isReady: () => boolean;
};

export type InternalServer = { port: number; close: () => Promise<void> };

const checkTimeoutMs = 2_000;

/**
 * The plain HTTP port for probes: `/healthz` (200 while the process answers), `/readyz` (200 `{status, checks}` when ready and
 * nothing is down, else 503), `/metrics` (OpenMetrics to who prefers it, else Prometheus' text format). A check that throws or takes over 2 s is `down`.
 */
export async function startInternalServer(options: InternalServerOptions): Promise<InternalServer> {
  const server = createServer((request, response) => {
    void route(request, options).then(
      (answer) => send(response, answer),
      () => send(response, { status: 500, type: 'text/plain', body: 'error\n' }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Runs every check at once; each takes at most 2 s. */
export async function runChecks(checks: Checks): Promise<Record<string, CheckState>> {
  return Object.fromEntries(await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check)] as const)));
}

async function runCheck(check: () => Promise<CheckState>): Promise<CheckState> {
  const limit = Promise.withResolvers<CheckState>();
  const timer = setTimeout(() => limit.resolve('down'), checkTimeoutMs);
  try {
    return await Promise.race([check(), limit.promise]);
  } catch {
    return 'down'; // that is the answer; the part's own client logs why
  } finally {
    clearTimeout(timer);
  }
}

type Answer = { status: number; type: string; body: string };

async function route(request: IncomingMessage, { metrics, checks, isReady }: InternalServerOptions): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, type: 'text/plain', body: 'GET only\n' };
  switch (request.url?.split('?')[0]) {
    case '/healthz':
      return json(200, { status: 'ok' });
    case '/readyz': {
      const states = await runChecks(checks);
      const ready = isReady() && !Object.values(states).includes('down');
      return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not_ready', checks: states });
    }
    case '/metrics':
      return { status: 200, ...(await metrics.expose(request.headers.accept)) };
    default:
      return { status: 404, type: 'text/plain', body: 'not found\n' };
  }
}

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
