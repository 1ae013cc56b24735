import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export type HoldLockOptions = {
  databaseUrl: string;
  /** Number of the advisory lock, within that database. */
  lock: number;
  /** Shown in PostgreSQL's list of connections. */
  name: string;
  /** How long somebody else's hold is waited out: a predecessor that is about to end. */
  waitMs: number;
  /** Called when the connection was lost and somebody else had the lock before it was there again. */
  onLost: () => void;
  /** How often somebody else's hold, a lost database and the own connection are looked at. */
  everyMs?: number;
};

export type HeldLock = { release: () => Promise<void> };

/** A machine that vanished gives its lock back within half a minute. */
const sessionOptions = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

/**
 * Take a session's advisory lock on a connection of its own and hold it until `release` or the end of the process.
 * Returns undefined when somebody else holds it for all of `waitMs`. A connection that breaks is opened anew, as long as
 * it takes. Throws what the first connection threw.
 */
export async function holdLock(options: HoldLockOptions): Promise<HeldLock | undefined> {
  const { everyMs = 2_000 } = options;
  const stopping = new AbortController();
  let client = await take(options, everyMs);
  if (!client) return undefined;
  const watching = watch();

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pause(everyMs, stopping.signal);
      if (stopping.signal.aborted || (await answers(client))) continue;
      const again = await takeAgain(options, everyMs, stopping.signal);
      if (stopping.signal.aborted) return void (await end(again));
      if (!again) return options.onLost();
      client = again;
    }
  }

  return {
    async release() {
      stopping.abort();
      await end(client);
      await watching;
    },
  };
}

/** A connection that holds the lock, or undefined when it was somebody else's for all of `waitMs`. */
async function take({ databaseUrl, lock, name, waitMs }: HoldLockOptions, everyMs: number): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: name, options: sessionOptions, connectionTimeoutMillis: 5_000, query_timeout: 10_000, keepAlive: true });
  client.on('error', () => undefined); // the next question tells
  try {
    await client.connect();
    for (const giveUpAt = Date.now() + waitMs; ; await sleep(everyMs)) {
      const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [lock]);
      if (rows[0]?.taken) return client;
      if (Date.now() >= giveUpAt) break;
    }
  } catch (error) {
    await end(client);
    throw error;
  }
  await end(client);
  return undefined;
}

/** The same, while the database is away for as long as that lasts. */
async function takeAgain(options: HoldLockOptions, everyMs: number, signal: AbortSignal): Promise<pg.Client | undefined> {
  while (!signal.aborted) {
    try {
      return await take(options, everyMs);
    } catch {
      await pause(everyMs, signal); // away still: nobody else can take the lock either
    }
  }
  return undefined;
}

async function answers(client: pg.Client | undefined): Promise<boolean> {
  try {
    await client?.query('SELECT 1');
    return true;
  } catch {
    await end(client);
    return false;
  }
}

async function end(client: pg.Client | undefined): Promise<void> {
  await client?.end().catch(() => undefined); // already gone, as was wanted
}

const pause = (delayMs: number, signal: AbortSignal): Promise<unknown> => sleep(delayMs, undefined, { signal }).catch(() => undefined);
