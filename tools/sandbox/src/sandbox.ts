import formbody from '@fastify/formbody';
import { fastify } from 'fastify';
import type { AddressInfo } from 'node:net';
import { registerAnthropic } from './anthropic.ts';
import { registerControl } from './control.ts';
import { createAnswerer } from './exchange.ts';
import { createFaults } from './faults.ts';
import { registerGoogle } from './google.ts';
import { createInbox } from './inbox.ts';
import { createLedger } from './ledger.ts';
import { registerOpenai } from './openai.ts';
import { registerTraces } from './traces.ts';
import { registerTwilio } from './twilio.ts';

export type { Fault, FaultKind, Provider } from './faults.ts';
export type { Message, MessageStatus } from './inbox.ts';
export type { Call, Outcome } from './ledger.ts';
export type { Inbound, InboundResult } from './twilio-inbound.ts';

export interface SandboxOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Password of Twilio's API and key of the callback signatures. Default `simulation`. */
  readonly twilioAuthToken?: string;
  /** Delay of every provider answer. Default 0. */
  readonly latencyMs?: number;
  /** Time between two states of a message. Default 25. */
  readonly messageStepMs?: number;
}

/** A running sandbox. */
export interface Sandbox {
  readonly host: string;
  readonly port: number;
  /** `http://host:port`, without a trailing slash. */
  readonly url: string;
  /** Ends at once, open connections and timers included. */
  readonly close: () => Promise<void>;
}

/**
 * Start the stand-ins of OpenAI, Anthropic, Google and Twilio in one HTTP server, with state in memory.
 * The caller answers for the mode: a simulation never runs beside real établissements (`main.ts` checks MEDIAI_MODE).
 */
export async function startSandbox({ host = '127.0.0.1', port = 0, twilioAuthToken = 'simulation', latencyMs = 0, messageStepMs = 25 }: SandboxOptions = {}): Promise<Sandbox> {
  const app = fastify({ logger: false, bodyLimit: 8_000_000, forceCloseConnections: true, exposeHeadRoutes: false });
  const faults = createFaults();
  const ledger = createLedger();
  const inbox = createInbox({ authToken: twilioAuthToken, stepMs: messageStepMs });
  const answer = createAnswerer({ faults, ledger, latencyMs });

  await app.register(formbody, { bodyLimit: 1_000_000 });
  registerControl(app, { faults, ledger, inbox, authToken: twilioAuthToken });
  registerTraces(app);
  registerOpenai(app, answer);
  registerAnthropic(app, answer);
  registerGoogle(app, answer);
  registerTwilio(app, answer, { inbox, authToken: twilioAuthToken });

  await app.listen({ host, port });
  const bound = (app.server.address() as AddressInfo).port;
  return {
    host,
    port: bound,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    async close() {
      inbox.close();
      await app.close();
    },
  };
}
