import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.ts';
import type { Env } from './paths.ts';
import { root } from './paths.ts';
import { startTimeOf } from './processes.ts';
import type { Processes, Running } from './processes.ts';

export type Supervised = {
  name: string;
  logFile: string;
  readyUrl: string;
  pid(): number | undefined;
  /** How often it has been brought back. */
  restarts(): number;
  /** Starts it; from now on it comes back by itself. */
  start(): Promise<void>;
  /** Ends it; it stays away until `start`. */
  stop(): Promise<void>;
  /** kill -9: it comes back by itself. */
  kill(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when its readiness probe answers 200. Throws a Failure with its last words otherwise. */
  untilReady(timeoutMs?: number): Promise<void>;
};

export type SupervisedOptions = {
  name: string;
  command: string;
  args: string[];
  env: Env;
  readyUrl: string;
  logs: string;
  processes: Processes;
  onLine: (line: string) => void;
  log: (line: string) => void;
};

const firstDelayMs = 500;
const longestDelayMs = 30_000;
/** Who lived this long is not in a circle of crashes: its next return is quick again. */
const calmAfterMs = 10_000;

/** The wait before the n-th return in a row (n from 0): doubled each time, at most 30 s. */
export const backOffMs = (n: number): number => Math.min(longestDelayMs, firstDelayMs * 2 ** n);

/** A process that is brought back, with exponential back-off, whenever it ends unasked. */
export function supervise(options: SupervisedOptions): Supervised {
  const { name } = options;
  let running: Running | undefined;
  let wanted = false;
  let failures = 0;
  let restarts = 0;
  let deaths = 0;
  let lastEnd = '';
  /** Counts what was asked: a return that was planned before the last `start` or `stop` is void. */
  let asked = 0;
  let nap = new AbortController();

  async function launch(): Promise<void> {
    const turn = asked;
    const began = Date.now();
    const current = await options.processes.run({ name, command: options.command, args: options.args, env: options.env, cwd: root, onLine: options.onLine });
    running = current;
    if (turn !== asked) return current.stop();
    void comeBack(current, turn, began);
  }

  async function comeBack(current: Running, turn: number, began: number): Promise<void> {
    const { code, signal } = await current.ended;
    if (turn !== asked) return;
    failures = Date.now() - began > calmAfterMs ? 0 : failures;
    const delayMs = backOffMs(failures);
    failures += 1;
    deaths += 1;
    lastEnd = signal ?? `code ${code}`;
    options.log(`${name} ended (${lastEnd}): back in ${delayMs / 1000} s`);
    await sleep(delayMs, undefined, { signal: nap.signal }).catch(() => undefined); // woken by `stop`
    if (turn !== asked) return;
    restarts += 1;
    await launch().catch((error: Error) => options.log(`${name} could not be started: ${error.message}`));
  }

  return {
    name,
    readyUrl: options.readyUrl,
    logFile: join(options.logs, `${name}.log`),
    pid: () => (running && startTimeOf(running.identity.pid) === running.identity.startedAt ? running.identity.pid : undefined),
    restarts: () => restarts,
    async start() {
      if (wanted) return;
      wanted = true;
      asked += 1;
      nap = new AbortController();
      failures = 0;
      await launch();
    },
    async stop() {
      wanted = false;
      asked += 1;
      nap.abort();
      await running?.stop();
    },
    async kill() {
      const killed = running;
      killed?.signal('SIGKILL');
      await killed?.ended;
    },
    signal: (signal) => running?.signal(signal),
    async untilReady(timeoutMs = 90_000) {
      const before = deaths;
      for (const limit = Date.now() + timeoutMs; ; await sleep(100)) {
        if (await answersReady(options.readyUrl)) return;
        if (deaths - before >= 3 || Date.now() > limit) {
          const why = deaths - before >= 3 ? `ended three times (${lastEnd})` : `was not ready within ${timeoutMs / 1000} s`;
          throw new Failure(`The ${name} service ${why}; its last words: ${lastWords(running?.logTail(12) ?? '')} (whole log: ${join(options.logs, `${name}.log`)}).`);
        }
      }
    },
  };
}

async function answersReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false; // not listening yet: asked again
  }
}

/** The message of the last log line that says something went wrong, or of the last one that has a message, or the last line as it is. */
export function lastWords(log: string): string {
  const lines = log.split('\n').reverse();
  const wrong = lines.find((line) => /^\w*Error: |"level":[56]0|^\s+- \w+ (is|must)/.test(line)) ?? lines.find((line) => /"msg":"/.test(line));
  const words = wrong && (/"(?:msg|message)":"((?:[^"\\]|\\.)*)"/.exec(wrong)?.[1] ?? wrong.trim());
  return words || log.trim().split('\n').at(-1) || 'none';
}
