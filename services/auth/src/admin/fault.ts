import { AppError } from '@mediai/kit/errors';

type Thrown = { code?: unknown; message?: unknown; cause?: unknown; meta?: unknown };

/** Ways in which a database is there and of no use: Prisma's and PostgreSQL's codes, and the remedy. */
const databaseFaults: [codes: RegExp, sentence: string][] = [
  [/^(P2021|P2022|42P01|42703)$/, 'The database has not the tables of this version: migrate it first ("npm start" does so for the suite run here).'],
  [/^(P1000|P1010|28P01|28000|AuthenticationFailed)$/, 'The database refuses the user or the password of DATABASE_URL.'],
  [/^(P1003|3D000|DatabaseDoesNotExist)$/, 'DATABASE_URL names a database that does not exist.'],
  [/^42501$/, 'The user of DATABASE_URL may not do this: it must be the application role of auth.'],
];

/** One sentence, or one for each faulty field, about anything thrown; nothing that was typed is repeated. */
export function describeFault(thrown: unknown): string {
  if (thrown instanceof AppError) {
    if (thrown.kind === 'unavailable') return 'The database does not answer: start it ("npm start" for the suite run here), or correct DATABASE_URL.';
    const faults = Object.entries(thrown.fields ?? {}).flatMap(([field, messages]) => messages.map((message) => `${field}: ${message}`));
    return faults.length > 0 ? faults.join(' ') : thrown.detail;
  }
  const known = codesOf(thrown).flatMap((code) => databaseFaults.filter(([codes]) => codes.test(code)))[0];
  if (known) return known[1];
  // Our own constant texts about configuration; anything else keeps its words for itself.
  const { name, constructor, message } = (thrown ?? {}) as Error;
  return constructor === Error || name === 'ConfigError' || name === 'UsageError' ? message : `It failed (${name ?? typeof thrown}).`;
}

function codesOf(thrown: unknown, depth = 0): string[] {
  if (typeof thrown !== 'object' || thrown === null || depth > 6) return [];
  const { code, cause, meta } = thrown as Thrown;
  const { originalCode, kind, driverAdapterError } = thrown as { originalCode?: unknown; kind?: unknown; driverAdapterError?: unknown };
  return [...[code, originalCode, kind].filter((value) => typeof value === 'string'), ...[cause, meta, driverAdapterError].flatMap((inner) => codesOf(inner, depth + 1))];
}
