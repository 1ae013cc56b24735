import type { Env } from '../paths.ts';
import type { Ports } from '../ports.ts';
import type { Processes } from '../processes.ts';

/** Where a part came from. `none`: the suite does without it (Redis only). */
export type Origin = 'external' | 'path' | 'embedded' | 'cache' | 'docker' | 'none';

export type Part = {
  name: 'postgres' | 'redis' | 'kafka';
  /** A connection URL (PostgreSQL: superuser), `host:port` brokers for Kafka, empty where origin is `none`. */
  url: string;
  origin: Origin;
  /** One line for people: version, program, address. */
  detail: string;
  /** The process it runs in now, where it is one of ours. */
  pid(): number | undefined;
  /** Ends it; nothing for an external part. */
  stop(): Promise<void>;
  /** Brings a stopped part back on the same port with the same data (journeys and faults use it). */
  start(): Promise<void>;
  /** Sends a signal (SIGSTOP, SIGCONT, SIGKILL) to the part's processes. */
  signal(signal: NodeJS.Signals): void;
};

export type PartContext = {
  stateDir: string;
  env: Env;
  log: (line: string) => void;
  ports: Ports;
  processes: Processes;
  /** `volatile`: nothing survives a power cut (tests only). */
  durability: 'durable' | 'volatile';
  /** Passwords of this state directory, made once. */
  secret: (name: string) => string;
  /** Where the part must run in Docker whatever else is there (`npm start -- --docker`). */
  preferDocker?: boolean;
};

/** A part that others run: it is used and never stopped. */
export function externalPart(name: Part['name'], url: string, detail: string): Part {
  const nothing = async () => {};
  return { name, url, origin: url ? 'external' : 'none', detail, pid: () => undefined, stop: nothing, start: nothing, signal: () => {} };
}

/**
 * Tries the sources of a part in their order and returns the first that gives something.
 * A source answers undefined where it does not apply; what it throws is a reason kept for the last word.
 * @returns what was found, or the reasons of those that tried and failed
 */
export async function firstSource<T>(
  sources: { name: string; find: () => Promise<T | undefined> }[],
  log: (line: string) => void,
): Promise<{ found: T; source: string } | { reasons: string[] }> {
  const reasons: string[] = [];
  for (const source of sources) {
    try {
      const found = await source.find();
      if (found !== undefined) return { found, source: source.name };
    } catch (error) {
      const reason = `${source.name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
      reasons.push(reason);
      log(reason);
    }
  }
  return { reasons };
}
