import type { SqlExecutor } from '@mediai/db';
import type { UserChanged } from '@mediai/contracts/auth/v1/events';
import type { FicheState } from '@mediai/contracts/consultation/v1/events';
import { onSeveral, type EventHandler, type TombstoneHandler } from './process-event.ts';

/** What a service knows of a user without asking auth. */
export type ProjectedUser = {
  id: number; username: string; firstName: string; lastName: string; role: string; isStaff: boolean; isActive: boolean; approuve: boolean;
  specialty: string | null; isAvailable: boolean; phone: string | null; etablissementId: number; version: number;
};

/** What a service knows of a fiche without asking consultation. */
export type ProjectedFiche = {
  id: number; numeroDossier: string; userId: number | null; assignedMedecinId: number | null; etablissementId: number;
  status: string; version: number; publishedAnalyseIds: number[]; deleted: boolean;
};

/** Keep the state of a user unless a newer one is kept. */
export async function projectUser(tx: SqlExecutor, user: UserChanged): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO user_projection AS present (id, username, first_name, last_name, role, is_staff, is_active, approuve, specialty, is_available, phone, etablissement_id, version)
     VALUES ($1::int, $2, $3, $4, $5, $6::bool, $7::bool, $8::bool, $9, $10::bool, $11, $12::int, $13::int)
     ON CONFLICT (id) DO UPDATE SET username = excluded.username, first_name = excluded.first_name, last_name = excluded.last_name, role = excluded.role,
       is_staff = excluded.is_staff, is_active = excluded.is_active, approuve = excluded.approuve, specialty = excluded.specialty, is_available = excluded.is_available,
       phone = excluded.phone, etablissement_id = excluded.etablissement_id, version = excluded.version, updated_at = now()
     WHERE present.version < excluded.version`,
    user.id, user.username, user.firstName, user.lastName, user.role, user.isStaff, user.isActive, user.approuve, user.specialty ?? null, user.isAvailable,
    user.phone ?? null, user.etablissementId, user.version,
  );
}

/** Forget a user, after the tombstone of its key. */
export async function forgetUser(tx: SqlExecutor, id: number): Promise<void> {
  await tx.$executeRawUnsafe('DELETE FROM user_projection WHERE id = $1::int', id);
}

/** Keep the state of a fiche unless a newer one is kept. */
export async function projectFiche(tx: SqlExecutor, fiche: FicheState): Promise<void> {
  await projectFiches(tx, [fiche]);
}

/** Keep the states of fiches, several of one fiche among them or not, each unless a newer one is kept; one statement. */
export async function projectFiches(tx: SqlExecutor, fiches: readonly FicheState[]): Promise<void> {
  const latest = new Map<number, FicheState>();
  for (const fiche of fiches) if ((latest.get(fiche.id)?.version ?? -1) < fiche.version) latest.set(fiche.id, fiche);
  // In one order, whoever writes: two writers wait for each other's rows, and never in a circle.
  const rows = [...latest.values()].sort((a, b) => a.id - b.id).map((fiche) => ({
    id: fiche.id, numero_dossier: fiche.numeroDossier, user_id: fiche.userId ?? null, assigned_medecin_id: fiche.assignedMedecinId ?? null, etablissement_id: fiche.etablissementId,
    status: fiche.status, version: fiche.version, published_analyse_ids: intArray(fiche.publishedAnalyseIds), deleted: fiche.deleted,
  }));
  if (rows.length > 0) await tx.$executeRawUnsafe(projectFichesSql, JSON.stringify(rows));
}

const projectFichesSql = `INSERT INTO fiche_projection AS present (id, numero_dossier, user_id, assigned_medecin_id, etablissement_id, status, version, published_analyse_ids, deleted)
   SELECT id, numero_dossier, user_id, assigned_medecin_id, etablissement_id, status, version, published_analyse_ids::int[], deleted
   FROM json_to_recordset($1::text::json) AS told (id int, numero_dossier text, user_id int, assigned_medecin_id int, etablissement_id int, status text, version int, published_analyse_ids text, deleted bool)
   ON CONFLICT (id) DO UPDATE SET numero_dossier = excluded.numero_dossier, user_id = excluded.user_id, assigned_medecin_id = excluded.assigned_medecin_id,
     etablissement_id = excluded.etablissement_id, status = excluded.status, version = excluded.version, published_analyse_ids = excluded.published_analyse_ids,
     deleted = excluded.deleted, updated_at = now()
   WHERE present.version < excluded.version`;

/** The known ones among the users of `ids`, by id. */
export async function findUsers(db: SqlExecutor, ids: readonly number[]): Promise<Map<number, ProjectedUser>> {
  if (ids.length === 0) return new Map();
  const rows = await db.$queryRawUnsafe<ProjectedUser[]>(
    `SELECT id, username, first_name AS "firstName", last_name AS "lastName", role, is_staff AS "isStaff", is_active AS "isActive", approuve, specialty,
       is_available AS "isAvailable", phone, etablissement_id AS "etablissementId", version
     FROM user_projection WHERE id = ANY($1::text::int[])`, intArray(ids));
  return new Map(rows.map((row) => [row.id, row]));
}

/** The known ones among the fiches of `ids`, deleted ones included, by id. */
export async function findFiches(db: SqlExecutor, ids: readonly number[]): Promise<Map<number, ProjectedFiche>> {
  if (ids.length === 0) return new Map();
  const rows = await db.$queryRawUnsafe<ProjectedFiche[]>(
    `SELECT id, numero_dossier AS "numeroDossier", user_id AS "userId", assigned_medecin_id AS "assignedMedecinId", etablissement_id AS "etablissementId",
       status, version, published_analyse_ids AS "publishedAnalyseIds", deleted
     FROM fiche_projection WHERE id = ANY($1::text::int[])`, intArray(ids));
  return new Map(rows.map((row) => [row.id, row]));
}

/** Handlers that keep the user projection; versions make them repeatable, so they need no inbox. */
export function userProjection(db: SqlExecutor): { handlers: Record<string, EventHandler>; tombstones: Record<string, TombstoneHandler> } {
  const type = 'mediai.auth.v1.UserChanged';
  return {
    handlers: { [type]: (message: UserChanged) => projectUser(db, message) },
    tombstones: { [type]: (meta) => forgetUser(db, Number(meta.key)) },
  };
}

const ficheEvents = ['FicheCreated', 'FicheUpdated', 'AnalyseRequested', 'FicheAnalysed', 'FicheEdited', 'FicheValidated', 'FicheRejected', 'FicheDeleted', 'FicheRestored', 'FicheImported'];

/** Handlers that keep the fiche projection, those that come together in one statement; a service puts its own in the place of those that have a further effect. */
export function ficheProjection(db: SqlExecutor): { handlers: Record<string, EventHandler> } {
  const handler = onSeveral<{ fiche?: FicheState }>((events) => projectFiches(db, events.flatMap(({ fiche }) => fiche ?? [])));
  return { handlers: Object.fromEntries(ficheEvents.map((name) => [`mediai.consultation.v1.${name}`, handler])) };
}

/** As a literal: the one form of an array that every driver passes in the same way. */
function intArray(values: readonly number[]): string {
  return `{${values.map((value) => Math.trunc(value)).join(',')}}`;
}
