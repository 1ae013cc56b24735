import { AsyncResource } from 'node:async_hooks';
import type { Metrics, SeriesMakers } from '@mediai/kit/metrics';
import { beginSpan } from '@mediai/kit/telemetry';
import type pg from 'pg';

/** Seconds: from an index in memory to the longest statement that is let run. */
const queryBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The series of a database. */
export const poolMetrics = ({ counter, gauge, histogram }: SeriesMakers) => {
  let pool: Pick<pg.Pool, 'totalCount' | 'idleCount' | 'waitingCount'> | undefined;
  gauge('pg_pool_connections', 'Connections of the pool, and callers that wait for one.', ['state'], (self) => {
    self.set({ state: 'total' }, pool?.totalCount ?? 0);
    self.set({ state: 'idle' }, pool?.idleCount ?? 0);
    self.set({ state: 'waiting' }, pool?.waitingCount ?? 0);
  });
  return {
    watch: (watched: typeof pool): void => void (pool = watched),
    max: gauge('pg_pool_max', 'Most connections that the pool opens.'),
    duration: histogram('db_query_duration_seconds', 'Time of a statement, as the service saw it.', ['operation'], queryBuckets),
    errors: counter('db_errors_total', 'Statements and connections that failed, by the class of their SQLSTATE, or connection.', ['code']),
  };
};

type Query = (...args: unknown[]) => unknown;

/** Times every statement of the pool by its operation, in a span of its own, and counts what fails; no SQL and no value is kept. */
export function observePool(pool: pg.Pool, metrics: Metrics): void {
  const { watch, max, duration, errors } = metrics.once(poolMetrics);
  const failed = (error: unknown): void => errors.inc({ code: errorClass(error) });
  watch(pool);
  errors.inc({ code: 'connection' }, 0);
  max.set(pool.options.max);
  pool.on('error', failed);
  const connect = pool.connect.bind(pool) as Query;
  pool.connect = ((done?: Query) => {
    // Who waited for a connection goes on in their own trace, not in that of who gave it back.
    if (done) return connect(AsyncResource.bind((error: unknown, ...rest: unknown[]) => (error && failed(error), done(error, ...rest))));
    const connecting = connect() as Promise<unknown>;
    connecting.catch(failed);
    return connecting;
  }) as typeof pool.connect;
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Query;
    client.query = ((...args: unknown[]) => {
      const startedMs = performance.now();
      const operation = operationOf(args[0]);
      const endSpan = beginSpan(`postgresql ${operation}`, { kind: 'client', attributes: { 'db.system.name': 'postgresql', 'db.operation.name': operation } });
      const ended = (error?: unknown): void => {
        duration.observe({ operation }, (performance.now() - startedMs) / 1_000);
        endSpan(error);
        if (error) failed(error);
      };
      const done = args.at(-1);
      if (typeof done === 'function') return query(...args.slice(0, -1), (error: unknown, ...rest: unknown[]) => (ended(error), (done as Query)(error, ...rest)));
      const running = query(...args) as Promise<unknown>;
      running.then(() => ended(), ended);
      return running;
    }) as typeof client.query;
  });
}

const operations = new Set(['select', 'insert', 'update', 'delete', 'begin', 'commit', 'rollback']);
/** Statements seen, so that none is read twice; there are few, and lists of many lengths. */
const known = new Map<string, string>();
const maxKnown = 1_000;

/** What a statement does, by its first word; a `WITH` does what it writes. */
export function operationOf(query: unknown): string {
  const text = typeof query === 'string' ? query : ((query as { text?: string } | undefined)?.text ?? '');
  const seen = known.get(text);
  if (seen) return seen;
  const [, first = ''] = /^\s*(\w+)/.exec(text) ?? [];
  const word = first.toLowerCase();
  const operation = word === 'with' ? writeOf(text) : operations.has(word) ? word : 'other';
  if (known.size >= maxKnown) known.clear();
  known.set(text, operation);
  return operation;
}

function writeOf(text: string): string {
  const [, write] = /\b(insert(?=\s+into)|(?<!\b(?:for|key)\s)update|delete(?=\s+from))\b/i.exec(text) ?? [];
  return write?.toLowerCase() ?? 'select';
}

/** Class of an SQLSTATE; anything else never reached the server, or lost it. */
function errorClass(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code.slice(0, 2) : 'connection';
}
