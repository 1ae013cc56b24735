import { currentAdresse, currentRequestId } from '@mediai/kit/telemetry';
import type { SqlExecutor } from './sql-executor.ts';

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

/** A statement and its parameters. */
export type Statement = { sql: string; params: unknown[] };

/** The statement that writes who did what: by itself, or as a part (`WITH … AS (…)`) of one that writes more in the same round trip. */
export function auditInsert(entry: AuditEntry): Statement {
  return {
    sql: `INSERT INTO audit (acteur_id, acteur_role, action, objet_type, objet_id, etablissement_id, adresse, request_id, issue, raison)
     VALUES ($1::int, $2, $3, $4, $5, $6::int, $7, $8, $9, $10)`,
    params: [
      entry.acteurId, entry.acteurRole, entry.action, entry.objetType, String(entry.objetId), entry.etablissementId ?? null,
      entry.adresse ?? currentAdresse() ?? null, entry.requestId ?? currentRequestId() ?? null, entry.issue, entry.raison ?? null,
    ],
  };
}

/** Write who did what, in the transaction of the act itself: what is rolled back was not done. */
export async function appendAudit(tx: SqlExecutor, entry: AuditEntry): Promise<void> {
  const { sql, params } = auditInsert(entry);
  await tx.$executeRawUnsafe(sql, ...params);
}

/** A reading of several objects of a kind by one person. */
export type Lecture = Pick<AuditEntry, 'acteurRole' | 'action' | 'objetType'> & { acteurId: number };

/** A list that is looked at again within this time is read once. */
const lectureUniqueMs = 3_600_000;

/** Write that someone was shown these objects together, in one statement: one row each, unless there is one of the last hour. */
export async function appendLectures(tx: SqlExecutor, { acteurId, acteurRole, action, objetType }: Lecture, objets: readonly { id: number; etablissementId: number }[]): Promise<void> {
  if (objets.length === 0) return;
  const literal = (values: number[]): string => `{${values.join(',')}}`;
  await tx.$executeRawUnsafe(
    `INSERT INTO audit (acteur_id, acteur_role, action, objet_type, objet_id, etablissement_id, adresse, request_id, issue)
     SELECT $1::int, $2, $3, $4, lu.id::text, lu.etablissement_id, $5, $6, 'ok' FROM unnest($7::text::int[], $8::text::int[]) AS lu (id, etablissement_id)
     WHERE NOT EXISTS (SELECT FROM audit a WHERE a.objet_type = $4 AND a.objet_id = lu.id::text AND a.acteur_id = $1::int AND a.action = $3 AND a.le > now() - $9::int * interval '1 millisecond')`,
    acteurId, acteurRole, action, objetType, currentAdresse() ?? null, currentRequestId() ?? null,
    literal(objets.map(({ id }) => id)), literal(objets.map(({ etablissementId }) => etablissementId)), lectureUniqueMs,
  );
}
