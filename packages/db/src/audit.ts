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

/** Write who did what, in the transaction of the act itself: what is rolled back was not done. */
export async function appendAudit(tx: SqlExecutor, entry: AuditEntry): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO audit (acteur_id, acteur_role, action, objet_type, objet_id, etablissement_id, adresse, request_id, issue, raison)
     VALUES ($1::int, $2, $3, $4, $5, $6::int, $7, $8, $9, $10)`,
    entry.acteurId, entry.acteurRole, entry.action, entry.objetType, String(entry.objetId), entry.etablissementId ?? null,
    entry.adresse ?? currentAdresse() ?? null, entry.requestId ?? currentRequestId() ?? null, entry.issue, entry.raison ?? null,
  );
}
