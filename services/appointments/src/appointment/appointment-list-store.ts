import { createKnownCounts, type SqlExecutor } from '@mediai/db';
import { enCompte, profondeurMax, rangDe, type Compte } from '@mediai/kit/page';
import { Prisma } from '../generated/prisma/client.ts';
import { columns, names, toAppointment, type Row } from './appointment-row-store.ts';
import type { Appointment } from './appointment.ts';
import type { FiltreAppointments } from './ports.ts';

const { sql, join, raw } = Prisma;
type Sql = Prisma.Sql;

/** A page, newest first. Its bounds stand in the text: of a LIMIT that it does not know PostgreSQL keeps no plan. */
export function requetePage(filtre: FiltreAppointments): Sql {
  const bornes = raw(`LIMIT ${Math.trunc(filtre.pageSize)} OFFSET ${Math.trunc(rangDe(filtre))}`);
  return sql`SELECT ${raw(columns)} FROM appointment a ${raw(names)} WHERE ${toWhere(filtre)} ORDER BY a.created_at DESC, a.id DESC ${bornes}`;
}

/** How many a list holds, counted no further than one beyond the depth of pages. */
export function requeteCompte(filtre: FiltreAppointments): Sql {
  return sql`SELECT count(*)::int AS count FROM (SELECT FROM appointment a WHERE ${toWhere(filtre)} LIMIT ${raw(String(profondeurMax + 1))}) AS found`;
}

/** Lists of appointments in PostgreSQL: two statements; one where a long list was counted of late. */
export function createListeAppointments(db: SqlExecutor): (filtre: FiltreAppointments) => Promise<{ appointments: Appointment[] } & Compte> {
  const compter = createKnownCounts(async ({ sql: text, params }) => (await db.$queryRawUnsafe<{ count: number }[]>(text, ...params))[0]?.count ?? 0);
  return async (filtre) => {
    const [page, compte] = [requetePage(filtre), requeteCompte(filtre)];
    const [rows, lus] = await Promise.all([db.$queryRawUnsafe<Row[]>(page.text, ...page.values), compter({ sql: compte.text, params: compte.values })]);
    return { appointments: rows.map(toAppointment), ...enCompte(lus) };
  };
}

function toWhere({ patient, etablissementId, visibleDe, status, depuis, avant }: FiltreAppointments): Sql {
  const start = sql`coalesce(a.confirmed_start, a.requested_start)`;
  return join([
    sql`a.deleted_at IS NULL`,
    ...(patient === undefined ? [] : [sql`a.patient_id = ${patient}::int`]),
    ...(etablissementId === undefined ? [] : [sql`a.etablissement_id = ${etablissementId}::int`]),
    ...(visibleDe === undefined ? [] : [sql`(a.medecin_id IS NULL OR a.medecin_id = ${visibleDe}::int OR a.patient_id = ${visibleDe}::int)`]),
    ...(status.length === 0 ? [] : [sql`a.status IN (${join([...status])})`]),
    ...(depuis === undefined ? [] : [sql`${start} >= ${depuis}::timestamptz`]),
    ...(avant === undefined ? [] : [sql`${start} < ${avant}::timestamptz`]),
  ], ' AND ');
}
