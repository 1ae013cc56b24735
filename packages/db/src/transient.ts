const kinds = new Set(['unavailable', 'deadline', 'exhausted', 'DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TransactionWriteConflict', 'TooManyConnections']);
const codes = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH',
  // Prisma: unreachable, timed out, closed, no connection free, transaction lost, write conflict.
  'P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034',
]);
/** PostgreSQL: connection (08), out of resources (53), shutting down or starting (57P), serialisation and deadlock (40001, 40P01), lock and statement time-outs. */
const sqlStates = /^(08...|53...|57P0.|57014|40001|40P01|55P03)$/;
const texts = /Connection terminated|Query read timeout|Client has encountered a connection error|timeout exceeded when trying to connect|Can't reach database server|not queryable/;

/** Is this the fault of something that will come back, so that trying again later is right and giving up is wrong? */
export function isTransient(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 8) return false;
  const { kind, code, originalCode, message, cause, meta } = error as Record<string, unknown>;
  const named = [kind, code, originalCode].filter((value) => typeof value === 'string');
  if (named.some((value) => kinds.has(value) || codes.has(value) || sqlStates.test(value))) return true;
  if (typeof message === 'string' && texts.test(message)) return true;
  const inner = [cause, meta, (meta as Record<string, unknown> | undefined)?.['driverAdapterError'], ...(error instanceof AggregateError ? error.errors : [])];
  return inner.some((next) => isTransient(next, depth + 1));
}
