import { appendAudit, type SqlExecutor } from '@mediai/events';
import { throwingUnavailable } from '@mediai/db';
import type { Acte } from './acte.ts';

/** Writes a line of the audit in the transaction of the act, under the request that asked for it and from its address. */
export async function appendActe(tx: SqlExecutor, acte: Acte): Promise<void> {
  await appendAudit(tx, { ...acte, adresse: acte.adresse || undefined });
}

/** The audit of what was refused, and so has no transaction of its own. */
export function createAuditStore(db: SqlExecutor): { note: (acte: Acte) => Promise<void> } {
  return throwingUnavailable({ note: (acte: Acte) => appendActe(db, acte) });
}
