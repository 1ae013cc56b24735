import { AppError, unavailable } from '@mediai/kit/errors';

/** Prisma: cannot reach, timed out, closed, no free connection, transaction could not start. PostgreSQL class 08, 53, 57P; sockets. */
const awayCodes = /^(P1001|P1002|P1008|P1017|P2024|P2028|08\w{3}|53\w{3}|57P0\d|ECONN\w+|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN)$/;
const awayKinds = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections|TlsConnectionError)$/;
const awayMessages = /connection terminated|timeout exceeded when trying to connect|Can't reach database|terminating connection|the database system is/i;

type Thrown = { code?: unknown; kind?: unknown; originalCode?: unknown; message?: unknown; cause?: unknown; meta?: { target?: unknown; driverAdapterError?: unknown } };

/** The same store, whose methods throw `unavailable` (503, try again) when the database is away. */
export function throwingUnavailable<S extends Record<string, (...args: never[]) => Promise<unknown>>>(store: S): S {
  const guarded = Object.entries(store).map(([name, method]) => [
    name,
    async (...args: never[]) => {
      try {
        return await method(...args);
      } catch (error) {
        throw error instanceof AppError || !isAway(error) ? error : unavailable(error);
      }
    },
  ]);
  return Object.fromEntries(guarded) as S;
}

function isAway(thrown: unknown, depth = 1): boolean {
  if (typeof thrown !== 'object' || thrown === null || depth > 5) return false;
  const { code, kind, originalCode, message, cause, meta } = thrown as Thrown;
  const matches = [code, originalCode].some((value) => typeof value === 'string' && awayCodes.test(value));
  return matches || (typeof kind === 'string' && awayKinds.test(kind)) || (typeof message === 'string' && awayMessages.test(message)) || isAway(cause, depth + 1) || isAway(meta?.driverAdapterError, depth + 1);
}

/** The first column of the unique constraint that a write broke; undefined for any other error. */
export function uniqueViolation(thrown: unknown): string | undefined {
  const { code, meta } = (thrown ?? {}) as Thrown;
  if (code !== 'P2002') return undefined;
  const target = meta?.target;
  const constraint = (meta?.driverAdapterError as { cause?: { constraint?: { fields?: string[]; index?: string } } } | undefined)?.cause?.constraint;
  const name = Array.isArray(target) ? String(target[0]) : (constraint?.fields?.[0] ?? constraint?.index ?? '');
  return name.replace(/"/g, '');
}
