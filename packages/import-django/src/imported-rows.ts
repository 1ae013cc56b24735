import { appendAudit, type SqlExecutor } from '@mediai/db';
import type { Compte } from './rapport.ts';
import type { Etat } from './take-over.ts';

/** One statement of a transaction advances a sequence so far: about half a second. */
const maxSteps = 1_000_000;

/** As a literal: the one form of an array that every driver passes in the same way. */
const intArray = (ids: readonly number[]): string => `{${ids.map((id) => Math.trunc(id)).join(',')}}`;

/**
 * What is known here of some ids: those taken over, and those of rows that come from elsewhere.
 * @param objet the original's table
 * @param ici the table here; a constant of the code
 */
export async function etatOf(db: SqlExecutor, objet: string, ici: string, ids: readonly number[]): Promise<Etat> {
  if (ids.length === 0) return { reprises: new Set(), prises: new Set() };
  const reprises = await db.$queryRawUnsafe<{ id: number }[]>('SELECT id FROM imported_row WHERE objet = $1 AND id = ANY($2::text::int[])', objet, intArray(ids));
  const presentes = await db.$queryRawUnsafe<{ id: number }[]>(`SELECT id FROM "${ici}" WHERE id = ANY($1::text::int[])`, intArray(ids));
  const known = new Set(reprises.map(({ id }) => id));
  return { reprises: known, prises: new Set(presentes.map(({ id }) => id).filter((id) => !known.has(id))) };
}

/**
 * Marks rows as taken over, in the transaction that writes them; answers those that were not marked yet. A second run at
 * the same time waits here for the first one's commit.
 */
export async function claimRows(tx: SqlExecutor, objet: string, ids: readonly number[]): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.$queryRawUnsafe<{ id: number }[]>(
    'INSERT INTO imported_row (objet, id) SELECT $1, unnest($2::text::int[]) ON CONFLICT DO NOTHING RETURNING id', objet, intArray(ids));
  return new Set(rows.map(({ id }) => id));
}

/** Whose database it is, and where the rows went. */
export type Ici = { service: string; etablissementId: number };

/** The batch's line of the audit, in the transaction that writes it: what was taken over and how many, no value. */
export async function auditBatch(tx: SqlExecutor, objet: string, ids: readonly number[], { service, etablissementId }: Ici): Promise<void> {
  if (ids.length === 0) return;
  await appendAudit(tx, {
    acteurId: null, acteurRole: `service:${service}`, action: 'import.django', objetType: objet, objetId: `${Math.min(...ids)}-${Math.max(...ids)}`, etablissementId,
    issue: 'ok', raison: `lignes reprises : ${ids.length}`,
  });
}

/** The line of the audit that closes a table's import. */
export async function auditTable(db: SqlExecutor, objet: string, { lues, reprises, deja, ecartees, reservees }: Compte, { service, etablissementId }: Ici): Promise<void> {
  await appendAudit(db, {
    acteurId: null, acteurRole: `service:${service}`, action: 'import.django', objetType: objet, objetId: '', etablissementId,
    issue: 'ok', raison: `lues : ${lues}, reprises : ${reprises}, déjà reprises : ${deja}, écartées : ${ecartees}, avec réserve : ${reservees}`,
  });
}

/**
 * Makes a sequence continue above `upTo`, by drawing from it: the role of a running service may not set it.
 * @param sequence a constant of the code
 */
export async function advanceSequence(db: SqlExecutor, sequence: string, upTo: number): Promise<void> {
  for (;;) {
    const [row] = await db.$queryRawUnsafe<{ dernier: number }[]>(`SELECT (CASE WHEN is_called THEN last_value ELSE last_value - 1 END)::int AS dernier FROM "${sequence}"`);
    const missing = upTo - (row?.dernier ?? upTo);
    if (missing <= 0) return;
    await db.$queryRawUnsafe(`SELECT max(nextval('"${sequence}"'))::int AS dernier FROM generate_series(1, $1::int)`, Math.min(missing, maxSteps));
  }
}
