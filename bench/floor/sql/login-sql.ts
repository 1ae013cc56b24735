import type { Credentials } from '../../../services/auth/src/account/account.ts';
import { usernameKey } from '../../../services/auth/src/account/account.ts';
import type { Acte } from '../../../services/auth/src/audit/acte.ts';
import type { TokenHolder } from '../../../services/auth/src/token/access-token.ts';
import { countAttempt, freeFailures, waitSeconds, type Attempts, type GuessKeys } from '../../../services/auth/src/token/guessing.ts';
import type { NewSession } from '../../../services/auth/src/token/session-store.ts';
import { run, type Db } from '../databases.ts';

type AttemptRow = { cle: string; failures: number; last_at: Date; blocked_until: Date | null; connue: boolean };
type HolderRow = { id: number; role: TokenHolder['role']; is_staff: boolean; is_superuser: boolean; etablissement_id: number; tokens_valid_from: Date | null; approuve: boolean };
type Account = Credentials['account'];

const CREDENTIALS = 'SELECT id, role, is_active AS "isActive", is_staff AS "isStaff", etablissement_id AS "etablissementId", password_hash AS hash FROM users WHERE username_key = $1 AND deleted_at IS NULL';

/** What a login has to know, by username. */
export async function findCredentials(db: Db, username: string): Promise<Credentials | undefined> {
  const [row] = await run<Account & { hash: string }>(db, CREDENTIALS, [usernameKey(username)]);
  if (!row) return undefined;
  const { hash, ...account } = row;
  return { account, passwordHash: hash };
}

const ATTEMPTS = 'SELECT a.cle, a.failures, a.last_at, a.blocked_until, EXISTS (SELECT FROM known_address k WHERE k.cle = $1) AS connue FROM (VALUES (1)) AS une LEFT JOIN login_attempt a ON a.cle IN ($1, $2)';
/** Written where the row is still as it was read: rivals read again. */
const COUNT = `INSERT INTO login_attempt AS present (cle, failures, last_at, blocked_until) VALUES ($1, $2, $3, $4)
  ON CONFLICT (cle) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, blocked_until = excluded.blocked_until
  WHERE present.failures = $5 AND present.last_at = $6 RETURNING 1 AS un`;

const toAttempts = (row: AttemptRow | undefined): Attempts | undefined => row && { failures: row.failures, lastAt: row.last_at, blockedUntil: row.blocked_until };

async function count(db: Db, cle: string, before: Attempts | undefined, after: Attempts): Promise<boolean> {
  const rows = await run(db, COUNT, [cle, after.failures, after.lastAt.toISOString(), after.blockedUntil?.toISOString() ?? null, before?.failures ?? -1, (before?.lastAt ?? after.lastAt).toISOString()]);
  return rows.length > 0;
}

/** Counts an attempt against its pair and answers 0, or the seconds to wait. */
export async function takeAttempt(db: Db, keys: GuessKeys, at: Date): Promise<number> {
  for (;;) {
    const rows = await run<AttemptRow>(db, ATTEMPTS, [keys.pair, keys.adresse]);
    const attemptsOf = (cle: string): Attempts | undefined => toAttempts(rows.find((row) => row.cle === cle));
    const pair = attemptsOf(keys.pair);
    const wait = Math.max(rows[0]?.connue ? 0 : waitSeconds(pair, at), waitSeconds(attemptsOf(keys.adresse), at));
    if (wait > 0 || (await count(db, keys.pair, pair, countAttempt(pair, freeFailures.pair, at)))) return wait;
  }
}

const AUDIT_COLUMNS = 'audit (acteur_id, acteur_role, action, objet_type, objet_id, etablissement_id, adresse, request_id, issue)';
const audited = ({ acteurId, acteurRole, action, objetType, objetId, etablissementId, adresse, issue }: Acte, requestId: string): unknown[] => [acteurId, acteurRole, action, objetType, objetId, etablissementId, adresse || null, requestId, issue];

const OPEN = `WITH u AS (
    UPDATE users u SET last_login = $1::timestamptz, password_hash = $2 WHERE id = $3::int AND password_hash = $4 AND is_active AND deleted_at IS NULL
    RETURNING u.id, u.role, u.is_staff, u.is_superuser, u.etablissement_id, u.tokens_valid_from, u.role <> 'medecin' OR EXISTS (SELECT 1 FROM medecin_profile m WHERE m.user_id = u.id AND m.is_approved) AS approuve
  ), famille AS (INSERT INTO refresh_family (id, user_id, created_at) SELECT $5::uuid, u.id, $1::timestamptz FROM u RETURNING id),
  jeton AS (INSERT INTO refresh_token (token_hash, family_id, issued_at, expires_at) SELECT $6::bytea, famille.id, $1::timestamptz, $7::timestamptz FROM famille),
  oubli AS (DELETE FROM login_attempt USING u WHERE cle = $8),
  connue AS (INSERT INTO known_address (cle, last_seen_at) SELECT $8, $1::timestamptz FROM u ON CONFLICT (cle) DO UPDATE SET last_seen_at = excluded.last_seen_at),
  acte AS (INSERT INTO ${AUDIT_COLUMNS} SELECT $9::int, $10, $11, $12, $13, $14::int, $15, $16, $17 FROM u)
  SELECT * FROM u`;

/** A login, in one round trip; undefined when the password was changed or the account closed since. */
export async function openSession(db: Db, { familyId, userId, passwordHash: { verified, renewed }, token, guesses, at }: NewSession, acte: Acte, requestId: string): Promise<TokenHolder | undefined> {
  const [row] = await run<HolderRow>(db, OPEN, [at.toISOString(), renewed ?? verified, userId, verified, familyId, Buffer.from(token.hash), token.expiresAt.toISOString(), guesses.pair, ...audited(acte, requestId)]);
  return row && { id: row.id, role: row.role, isStaff: row.is_staff, isSuperuser: row.is_superuser, approuve: row.approuve, etablissementId: row.etablissement_id, tokensValidFrom: row.tokens_valid_from };
}

/** A refused login: counted against its address and audited. */
export async function refuseLogin(db: Db, { adresse }: GuessKeys, at: Date, acte: Acte, requestId: string): Promise<void> {
  for (;;) {
    const rows = await run<AttemptRow>(db, ATTEMPTS, [adresse, adresse]);
    const before = toAttempts(rows.find(({ cle }) => cle === adresse));
    if (await count(db, adresse, before, countAttempt(before, freeFailures.adresse, at))) break;
  }
  await run(db, `INSERT INTO ${AUDIT_COLUMNS} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, audited(acte, requestId));
}
