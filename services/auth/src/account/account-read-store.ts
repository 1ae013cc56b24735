import type { SqlExecutor } from '@mediai/db';
import { Prisma } from '../generated/prisma/client.ts';
import { toAccount, type AccountRow } from './account-row-store.ts';
import type { Account } from './account.ts';

const columns = (table: string, names: object): string => Object.keys(names).map((name) => `${table}.${name}`).join(', ');
const { UserScalarFieldEnum: user, PatientProfileScalarFieldEnum: patient, MedecinProfileScalarFieldEnum: medecin } = Prisma;
const aliased = (table: string, names: object): string => Object.keys(names).map((name) => `${table}.${name} AS ${table}_${name}`).join(', ');

const readSql = `SELECT ${columns('u', user)}, ${aliased('p', patient)}, ${aliased('m', medecin)}
  FROM users u LEFT JOIN patient_profile p ON p.user_id = u.id LEFT JOIN medecin_profile m ON m.user_id = u.id
  WHERE u.id = $1::int AND u.deleted_at IS NULL`;

type Row = Record<string, unknown>;

/** An account with its profiles, that is not deleted, in one statement: every page of the web app begins by it. */
export async function readAccount(sql: SqlExecutor, id: number): Promise<Account | undefined> {
  const [row] = await sql.$queryRawUnsafe<Row[]>(readSql, id);
  return row && toAccount({ ...row, patient_profile: profile(row, 'p', patient), medecin_profile: profile(row, 'm', medecin) } as unknown as AccountRow);
}

/** The columns of a joined table; null where it has no row. */
function profile(row: Row, table: string, names: object): Row | null {
  return row[`${table}_user_id`] === null ? null : Object.fromEntries(Object.keys(names).map((name) => [name, row[`${table}_${name}`]]));
}
