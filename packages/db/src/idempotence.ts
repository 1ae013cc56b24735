import { createHmac } from 'node:crypto';
import { AppError } from '@mediai/kit/errors';
import type { SqlExecutor } from './sql-executor.ts';
import { together, type Statement } from './together.ts';

export type IdempotenceKey = { acteurId: number; route: string; cle: string };
export type FirstAnswer = { statut: number; reponse: Uint8Array };

/** How long a first answer is given again, and how long a call without an answer is held to be still in flight. */
const keptFor = '24 hours';
const inFlightFor = '60 seconds';

type ClaimRow = { prise: boolean; corps_hash: Uint8Array | null; statut: number | null; reponse: Uint8Array | null };

/** What `claimParts` say, of the statement that they are parts of: to be given to `readClaim`. */
export const claimOutcome = '(SELECT count(*) > 0 FROM prise) AS prise, (SELECT corps_hash FROM presente) AS corps_hash, (SELECT statut FROM presente) AS statut, (SELECT reponse FROM presente) AS reponse';

/**
 * Parts of one statement that take a key: `prise` has a row where this call is the first, and then keeps its answer with
 * it. What else the statement writes must come from `prise`; read what became of it with `readClaim`.
 * @param answer what the first call will be answered, where that is known before it is done
 */
export function claimParts(key: IdempotenceKey, corps: Uint8Array, hashKey: string, answer?: FirstAnswer): Statement {
  const reponse = answer ? Buffer.from(answer.reponse) : null;
  return {
    sql: `verrou AS (
    SELECT pg_try_advisory_xact_lock(hashtextextended($1::int || chr(31) || $2::text || chr(31) || $3::text, 7305003)) AS obtenu
  ), presente AS (
    SELECT corps_hash, statut, reponse FROM idempotence WHERE acteur_id = $1::int AND route = $2::text AND cle = $3::text
  ), prise AS (
    INSERT INTO idempotence AS i (acteur_id, route, cle, corps_hash, statut, reponse)
    SELECT $1::int, $2::text, $3::text, $4::bytea, $5::int, $6::bytea FROM verrou WHERE obtenu
    ON CONFLICT (acteur_id, route, cle) DO UPDATE SET corps_hash = EXCLUDED.corps_hash, statut = EXCLUDED.statut, reponse = EXCLUDED.reponse, created_at = now()
      WHERE i.created_at < now() - interval '${keptFor}'
        OR (i.statut IS NULL AND i.corps_hash = EXCLUDED.corps_hash AND i.created_at < now() - interval '${inFlightFor}')
    RETURNING 1
  )`,
    params: [key.acteurId, key.route, key.cle, hashOf(corps, hashKey), answer?.statut ?? null, reponse],
  };
}

/**
 * What became of a claim: null for the first call, else the first one's answer.
 * @throws AppError unprocessable (422) for another body under the same key, conflict (409) while the first is in flight
 */
export function readClaim(row: ClaimRow | undefined, corps: Uint8Array, hashKey: string): FirstAnswer | null {
  if (row?.prise) return null;
  refuseOther(row?.corps_hash, hashOf(corps, hashKey));
  if (row?.statut == null) {
    throw new AppError('conflict', 'idempotence.en_cours', 'La même demande est déjà en cours de traitement.', { retryAfterSeconds: 1 });
  }
  return { statut: row.statut, reponse: row.reponse ?? new Uint8Array() };
}

/**
 * Take an idempotency key for this call: null when this call is the first and must do its work, else the answer that
 * the first one gave within the last 24 hours, to be given again byte for byte.
 *
 * Call it in the transaction of the effect and end that with `completeIdempotence`; a call that must commit before it
 * is done (a remote call lies between) claims in one transaction and completes in another.
 *
 * @param corps the request's body; only its HMAC under `hashKey` is kept.
 * @throws AppError unprocessable (422) for another body under the same key, conflict (409) while the first is in flight.
 */
export async function claimIdempotence(tx: SqlExecutor, key: IdempotenceKey, corps: Uint8Array, hashKey: string): Promise<FirstAnswer | null> {
  const { sql, params } = together([claimParts(key, corps, hashKey)], { sql: `SELECT ${claimOutcome}`, params: [] });
  const [row] = await tx.$queryRawUnsafe<ClaimRow[]>(sql, ...params);
  return readClaim(row, corps, hashKey);
}

/**
 * The answer that the first call under this key gave within the last 24 hours, if it did; nothing is taken. For a call
 * that looks before it judges or asks anybody: what a repeated request is answered does not change meanwhile.
 * @throws AppError unprocessable (422) for another body under the same key.
 */
export async function findFirstAnswer(db: SqlExecutor, { acteurId, route, cle }: IdempotenceKey, corps: Uint8Array, hashKey: string): Promise<FirstAnswer | null> {
  const [row] = await db.$queryRawUnsafe<{ corps_hash: Uint8Array; statut: number; reponse: Uint8Array | null }[]>(
    `SELECT corps_hash, statut, reponse FROM idempotence
     WHERE acteur_id = $1::int AND route = $2 AND cle = $3 AND statut IS NOT NULL AND created_at >= now() - interval '${keptFor}'`, acteurId, route, cle);
  if (!row) return null;
  refuseOther(row.corps_hash, hashOf(corps, hashKey));
  return { statut: row.statut, reponse: row.reponse ?? new Uint8Array() };
}

const hashOf = (corps: Uint8Array, hashKey: string): Buffer => createHmac('sha256', hashKey).update(corps).digest();

function refuseOther(kept: Uint8Array | null | undefined, hash: Buffer): void {
  if (kept && !hash.equals(kept)) throw new AppError('unprocessable', 'idempotence.autre_corps', "Cette clé d'idempotence a déjà servi à une autre demande.");
}

/** Keep the first answer under its key, in the transaction of the effect. */
export async function completeIdempotence(tx: SqlExecutor, key: IdempotenceKey, answer: FirstAnswer): Promise<void> {
  await tx.$executeRawUnsafe(
    'UPDATE idempotence SET statut = $4::int, reponse = $5::bytea WHERE acteur_id = $1::int AND route = $2 AND cle = $3',
    key.acteurId, key.route, key.cle, answer.statut, Buffer.from(answer.reponse),
  );
}

/** Forget answers that are past their time; returns how many. */
export async function pruneIdempotence(tx: SqlExecutor): Promise<number> {
  return tx.$executeRawUnsafe(`DELETE FROM idempotence WHERE created_at < now() - interval '${keptFor}'`);
}
