import { currentAdresse, currentRequestId } from '@mediai/kit/telemetry';
import type { SqlExecutor } from './sql-executor.ts';
import type { Statement } from './together.ts';
import { isTransient } from './transient.ts';

export type AuditEntry = {
  /** Null for what the system does by itself. */
  acteurId: number | null;
  acteurRole: string;
  /** Verb of the act, stable: `fiche.valider`. */
  action: string;
  objetType: string;
  objetId: string | number;
  etablissementId?: number | null;
  /** Network address of the client; that of the request being served when not given. */
  adresse?: string | null;
  /** That of the request being served when not given. */
  requestId?: string | null;
  /** How it ended: done, refused, failed. */
  issue: 'ok' | 'refus' | 'echec';
  /** Why, where a reason was asked for; never clinical text. */
  raison?: string | null;
};

const columns = 'acteur_id, acteur_role, action, objet_type, objet_id, etablissement_id, adresse, request_id, issue, raison';

/** The row of an entry, in the order of the columns. */
const toRow = (entry: AuditEntry) => ({
  acteur_id: entry.acteurId, acteur_role: entry.acteurRole, action: entry.action, objet_type: entry.objetType, objet_id: String(entry.objetId), etablissement_id: entry.etablissementId ?? null,
  adresse: entry.adresse ?? currentAdresse() ?? null, request_id: entry.requestId ?? currentRequestId() ?? null, issue: entry.issue, raison: entry.raison ?? null,
});

/**
 * The statement that writes who did what: by itself, or as a part of one that writes more.
 * @param from a part of the same statement: nothing is written where it has no row
 */
export function auditInsert(entry: AuditEntry, from?: string): Statement {
  return {
    sql: `INSERT INTO audit (${columns})
     SELECT $1::int, $2::text, $3::text, $4::text, $5::text, $6::int, $7::text, $8::text, $9::text, $10::text${from === undefined ? '' : ` FROM ${from}`}`,
    params: Object.values(toRow(entry)),
  };
}

/** Write who did what, in the transaction of the act itself: what is rolled back was not done. */
export async function appendAudit(tx: SqlExecutor, entry: AuditEntry): Promise<void> {
  const { sql, params } = auditInsert(entry);
  await tx.$executeRawUnsafe(sql, ...params);
}

/** Most rows of one statement of `createAppendActes`. */
const maxActes = 200;

/**
 * Writes acts that change nothing else, a row each. Acts that come while others are being written go together into the
 * next statement: under load many share one commit, and alone none waits. Resolves when the row is committed.
 */
export function createAppendActes(sql: SqlExecutor): (entry: AuditEntry) => Promise<void> {
  type Waiting = { row: object; written: () => void; failed: (error: unknown) => void };
  const waiting: Waiting[] = [];
  let isWriting = false;

  async function write(batch: Waiting[]): Promise<void> {
    try {
      await sql.$executeRawUnsafe(`INSERT INTO audit (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::audit, $1::json)`, JSON.stringify(batch.map(({ row }) => row)));
      for (const { written } of batch) written();
    } catch (error) {
      // One row that cannot be written is not the fault of those beside it; of a database that is away nobody knows whether it wrote.
      if (batch.length === 1 || isTransient(error)) for (const { failed } of batch) failed(error);
      else for (const one of batch) await write([one]);
    }
  }

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) await write(waiting.splice(0, maxActes));
    isWriting = false;
  }

  return (entry) =>
    new Promise((written, failed) => {
      waiting.push({ row: toRow(entry), written, failed });
      if (!isWriting) void writeAll();
    });
}

/** A reading of several objects of a kind by one person. */
export type Lecture = Pick<AuditEntry, 'acteurRole' | 'action' | 'objetType'> & { acteurId: number };

/** A list that is looked at again within this time is read once. */
const lectureUniqueMs = 3_600_000;

type Objet = { id: number; etablissementId: number };

/** Readings that this process knows to be written, at most; who reads more is asked of the database. */
const maxKnown = 50_000;

/**
 * Writes that someone was shown objects together, in one statement: one row each, unless there is one of the last hour.
 * What this process wrote itself within that hour it remembers, and asks nobody.
 */
export function createAppendLectures(sql: SqlExecutor, now: () => number = Date.now) {
  const known = new Map<string, number>();
  return async (lecture: Lecture, objets: readonly Objet[]): Promise<void> => {
    const at = now();
    const keyOf = ({ id }: Objet): string => `${lecture.acteurId} ${lecture.action} ${lecture.objetType} ${id}`;
    const unknown = objets.filter((objet) => (known.get(keyOf(objet)) ?? 0) <= at);
    if (unknown.length === 0) return;
    const written = await appendLectures(sql, lecture, unknown);
    if (known.size + written.length > maxKnown) known.clear();
    // Those that were there already are as old as somebody else knows.
    for (const id of written) known.set(keyOf({ id, etablissementId: 0 }), at + lectureUniqueMs);
  };
}

/** The same in a transaction, once. @returns the ids of those that were written */
export async function appendLectures(sql: SqlExecutor, { acteurId, acteurRole, action, objetType }: Lecture, objets: readonly Objet[]): Promise<number[]> {
  const literal = (values: number[]): string => `{${values.join(',')}}`;
  const rows = await sql.$queryRawUnsafe<{ id: string }[]>(
    `INSERT INTO audit (acteur_id, acteur_role, action, objet_type, objet_id, etablissement_id, adresse, request_id, issue)
     SELECT $1::int, $2, $3, $4, lu.id::text, lu.etablissement_id, $5, $6, 'ok' FROM unnest($7::text::int[], $8::text::int[]) AS lu (id, etablissement_id)
     WHERE NOT EXISTS (SELECT FROM audit a WHERE a.objet_type = $4 AND a.objet_id = lu.id::text AND a.acteur_id = $1::int AND a.action = $3 AND a.le > now() - $9::int * interval '1 millisecond')
     RETURNING objet_id AS id`,
    acteurId, acteurRole, action, objetType, currentAdresse() ?? null, currentRequestId() ?? null,
    literal(objets.map(({ id }) => id)), literal(objets.map(({ etablissementId }) => etablissementId)), lectureUniqueMs,
  );
  return rows.map(({ id }) => Number(id));
}
