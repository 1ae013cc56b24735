import { withClient, withDatabase } from '@mediai/db/admin';
import { createKafka, emptyTopics, refillSql } from '@mediai/events';
import pg from 'pg';
import { databaseServices } from '../suite.ts';

export type DatabaseService = (typeof databaseServices)[number];
export type Restored = { /** Events that the relays will publish again. */ events: number };

/** More ids, and dossier numbers of one day, than are given between a backup and a loss. */
const idGap = 100_000;
const numberGap = 5_000;
/** How long what leaves is first looked up with the provider; what a médecin does again falls into it. */
const lookUpFor = '7 days';

/** An id that was given before the loss is never given again: a link or a paper from then would lead to another's dossier. */
const skipIds = `SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, least(max_value, coalesce(last_value, start_value) + ${idGap})) FROM pg_sequences WHERE schemaname = 'public'`;

/** What one service has that the others have not; `since` is a literal. */
const own: Partial<Record<DatabaseService, (since: string) => string[]>> = {
  // Tokens, codes and sessions that were ended since would be good again: none from before is. Auth makes a key at its start.
  auth: () => [
    `WITH gone AS (DELETE FROM signing_key RETURNING kid)
     INSERT INTO audit (acteur_role, action, objet_type, objet_id, issue, raison) SELECT 'service:auth', 'cle.retrait', 'signing_key', kid, 'ok', 'restauration' FROM gone`,
    "UPDATE refresh_family SET revoked_at = now(), revoked_reason = 'restauration' WHERE revoked_at IS NULL",
    'UPDATE password_reset_code SET expires_at = now() WHERE expires_at > now()',
  ],
  consultation: (since) => [
    `INSERT INTO numero_dossier_bloc AS bloc (jour, dernier)
     SELECT jour::date, ${numberGap} FROM generate_series((${since}::timestamptz AT TIME ZONE 'Africa/Lubumbashi')::date, (now() AT TIME ZONE 'Africa/Lubumbashi')::date, interval '1 day') AS jour
     ON CONFLICT (jour) DO UPDATE SET dernier = bloc.dernier + excluded.dernier`,
  ],
  notifications: (since) => [`INSERT INTO reprise (depuis, jusqu_a) VALUES (${since}::timestamptz, now() + interval '${lookUpFor}')`],
};

function statementsFor(service: DatabaseService, since: string): string[] {
  const literal = pg.escapeLiteral(since);
  return [
    skipIds,
    ...(own[service]?.(literal) ?? []),
    `INSERT INTO audit (acteur_role, action, objet_type, objet_id, issue, raison) VALUES ('service:${service}', 'base.restauration', 'base', 'mediai_${service}', 'ok', ${literal})`,
  ];
}

/**
 * What databases need that were brought back to an earlier state, before any service runs on them. The time between that
 * state and its loss is known outside, to patients, browsers, a provider, paper: nothing of it may be taken for
 * something else, or happen twice.
 * @param urls each service's database, as its owner or a superuser; migrated
 * @param since the time of the state, ISO 8601: of a backup, when it began
 */
export async function afterRestore(urls: Record<DatabaseService, string>, since: string): Promise<Restored> {
  let events = 0;
  for (const service of databaseServices) {
    await withClient(urls[service], async (client) => {
      await client.query('BEGIN');
      for (const statement of statementsFor(service, since)) await client.query(statement);
      events += (await client.query(refillSql)).rowCount ?? 0;
      await client.query('COMMIT');
    });
  }
  return { events };
}

/** The same as a script of psql, for a server that is only reached by its own shell. */
export const afterRestoreScript = (since: string): string =>
  databaseServices.map((service) => [`\\connect mediai_${service}`, 'BEGIN;', ...[...statementsFor(service, since), refillSql].map((statement) => `${statement};`), 'COMMIT;'].join('\n')).join('\n');

/** The databases of the suite on one server. */
export const databasesOf = (superuserUrl: string): Record<DatabaseService, string> =>
  Object.fromEntries(databaseServices.map((service) => [service, withDatabase(superuserUrl, `mediai_${service}`)])) as Record<DatabaseService, string>;

/** Makes the topics anew, empty: what they hold of the time that never was must reach nobody. */
export async function emptyAllTopics(brokers: string[]): Promise<void> {
  const admin = createKafka({ clientId: 'mediai-restore', brokers }).admin();
  await admin.connect();
  try {
    await emptyTopics(admin);
  } finally {
    await admin.disconnect();
  }
}
