import { Agent, request as httpRequest } from 'node:http';
import { setImmediate as afterPoll } from 'node:timers/promises';
import type { WireRequest } from '../load/request.ts';

/** What became of one request; milliseconds of `performance.now()`. `failure` is a status outside of 2xx or what the connection ended with. */
export type Asked = { beganMs: number; endedMs: number; body: string; failure?: string };

export type Turns = {
  ask: (request: WireRequest) => Promise<Asked>;
  /** How often an address refused a connection, and the request went to the other. */
  refused: () => number;
  close: () => void;
};

const lookAgainMs = 250;

/**
 * Takes turns between servers as a load balancer does: one that refuses connections is asked no more until it takes them
 * again, and the request, which has reached nobody, goes to the next. Nothing that was sent is ever sent again.
 * @throws where no server is left
 */
export function createTurns(urls: readonly string[]): Turns {
  const servers = urls.map((url) => ({ url: new URL(url), agent: new Agent({ keepAlive: true }), awayUntilMs: 0 }));
  let turn = 0;
  let refusals = 0;

  function next(): (typeof servers)[number] {
    for (let tries = 0; tries < servers.length; tries += 1) {
      const server = servers[(turn += 1) % servers.length];
      if (server && server.awayUntilMs <= performance.now()) return server;
    }
    throw new Error('every server refuses connections');
  }

  async function ask(request: WireRequest): Promise<Asked> {
    const beganMs = performance.now();
    for (;;) {
      const server = next();
      // A kept connection that its server has closed meanwhile is noticed before it is used: one turn reads its end, the next drops it.
      for (let turns = 0; turns < 2; turns += 1) await afterPoll();
      const asked = await askOnce(server.url, server.agent, request);
      if (asked.failure !== 'ECONNREFUSED') return { beganMs, endedMs: performance.now(), ...asked };
      refusals += 1;
      server.awayUntilMs = performance.now() + lookAgainMs;
    }
  }

  return {
    ask,
    refused: () => refusals,
    close() {
      for (const { agent } of servers) agent.destroy();
    },
  };
}

function askOnce({ hostname, port }: URL, agent: Agent, { method, path, headers, body }: WireRequest): Promise<Pick<Asked, 'body' | 'failure'>> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => resolve({ body: '', failure: error.code ?? error.message });
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    httpRequest({ agent, hostname, port, method, path, headers: { ...headers, ...length } }, (response) => {
      const pieces: Buffer[] = [];
      const isGood = (response.statusCode ?? 0) >= 200 && (response.statusCode ?? 0) < 300;
      response
        .on('data', (piece: Buffer) => void pieces.push(piece))
        .on('end', () => resolve({ body: Buffer.concat(pieces).toString(), ...(isGood ? {} : { failure: `${response.statusCode}` }) }))
        .on('error', failed);
    }).on('error', failed).end(body);
  });
}
