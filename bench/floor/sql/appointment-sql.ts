import { auteurDe, quiAgit } from '@mediai/kit/acteur';
import { enCompte, profondeurMax, rangDe } from '@mediai/kit/page';
import type { Appointment, Changement, NewAppointment } from '../../../services/appointments/src/appointment/appointment.ts';
import { actionPage, type Acte, type FiltreAppointments, type PageAppointments, type Utilisateur } from '../../../services/appointments/src/appointment/ports.ts';
import type { Appel } from '../appel.ts';
import { run, type Db } from '../databases.ts';
import { auditInsert, lecturesInsert, type Ligne } from './audit-sql.ts';
import { createParams } from './params.ts';

const OBJET = 'appointment';
const COLONNES = `a.id, a.patient_id AS patient, p.username AS "patientUsername", a.medecin_id AS medecin, m.username AS "medecinUsername", a.fiche_id AS fiche, a.etablissement_id AS "etablissementId",
  a.requested_start AS "requestedStart", a.requested_end AS "requestedEnd", a.confirmed_start AS "confirmedStart", a.confirmed_end AS "confirmedEnd", a.consultation_mode AS "consultationMode", a.location_note AS "locationNote",
  a.status, a.message_patient AS "messagePatient", a.message_medecin AS "messageMedecin", a.cancel_message AS "cancelMessage", a.created_at AS "createdAt", a.updated_at AS "updatedAt", a.version`;
const NOMS = 'LEFT JOIN user_projection p ON p.id = a.patient_id LEFT JOIN user_projection m ON m.id = a.medecin_id';
const FIND = `SELECT ${COLONNES} FROM appointment a ${NOMS} WHERE a.id = $1 AND a.deleted_at IS NULL`;
const USERS = 'SELECT id, role, is_active AS "isActive", approuve, is_available AS "isAvailable", etablissement_id AS "etablissementId" FROM user_projection WHERE id = ANY($1::int[])';
/** The lock under which a médecin's confirmations follow each other, as the service takes it. */
const VERROU_MEDECIN = 7_305_030;

type Row = Appointment & Record<string, unknown>;

const ligneDe = ({ acteur, action, issue = 'ok', raison }: Acte): Ligne => ({ ...(acteur ? auteurDe(acteur) : { acteurId: null, acteurRole: 'service:appointments' }), action, objetType: OBJET, issue, raison });

export async function findAppointment(db: Db, id: number): Promise<Appointment | undefined> {
  return (await run<Row>(db, FIND, [id]))[0];
}

/** The known ones among some users. */
export async function findUsers(db: Db, ids: readonly number[]): Promise<Map<number, Utilisateur>> {
  const rows = await run<Utilisateur & { id: number }>(db, USERS, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** A new appointment with its audit row and the names that its answer has, in one round trip. */
export async function insertAppointment(db: Db, nouveau: NewAppointment, at: Date, appel: Appel, acte: Acte): Promise<Appointment> {
  const params = createParams();
  const [le, debut, fin] = [at, nouveau.requestedStart, nouveau.requestedEnd].map((date) => params.add(date.toISOString(), 'timestamptz'));
  const values = [params.add(nouveau.patient, 'int'), params.add(nouveau.medecin, 'int'), params.add(nouveau.fiche, 'int'), params.add(nouveau.etablissementId, 'int'), debut, fin, params.add(nouveau.consultationMode), params.add(nouveau.locationNote), params.add(nouveau.messagePatient), le, le];
  const audit = auditInsert(params, 'a', ligneDe(acte), appel);
  const text = `WITH a AS (
      INSERT INTO appointment (patient_id, medecin_id, fiche_id, etablissement_id, requested_start, requested_end, consultation_mode, location_note, message_patient, created_at, updated_at) VALUES (${values.join(', ')}) RETURNING *
    ), acte AS (${audit}) SELECT ${COLONNES} FROM a ${NOMS}`;
  const [row] = await run<Row>(db, text, params.values);
  return row as Appointment;
}

/** A change of the version that was read, with its audit row; undefined when another write came first. */
export async function updateAppointment(db: Db, { id, version, medecin }: Appointment, changement: Changement, at: Date, appel: Appel, acte: Acte): Promise<Appointment | undefined> {
  const { status, confirmedStart, confirmedEnd, messageMedecin = null, cancelMessage = null } = changement;
  const params = createParams();
  const responsable = params.add(changement.medecin ?? medecin, 'int');
  const instant = (date: Date | undefined): string => params.add(date?.toISOString() ?? null, 'timestamptz');
  const ecrites = [
    `status = ${params.add(status)}`, `medecin_id = ${responsable}`, 'version = version + 1', `updated_at = ${instant(at)}`,
    `confirmed_start = coalesce(${instant(confirmedStart)}, confirmed_start)`, `confirmed_end = coalesce(${instant(confirmedEnd)}, confirmed_end)`,
    `message_medecin = coalesce(${params.add(messageMedecin, 'text')}, message_medecin)`, `cancel_message = coalesce(${params.add(cancelMessage, 'text')}, cancel_message)`,
  ];
  const verrou = status === 'confirmed' ? `verrou AS MATERIALIZED (SELECT pg_advisory_xact_lock(${VERROU_MEDECIN}, ${responsable}) IS NULL AS pris), ` : '';
  const present = `id = ${params.add(id, 'int')} AND version = ${params.add(version, 'int')} AND deleted_at IS NULL${verrou ? ' AND NOT verrou.pris' : ''}`;
  const audit = auditInsert(params, '(SELECT id, etablissement_id FROM a)', ligneDe(acte), appel);
  const text = `WITH ${verrou}a AS (UPDATE appointment SET ${ecrites.join(', ')}${verrou ? ' FROM verrou' : ''} WHERE ${present} RETURNING appointment.*), acte AS (${audit}) SELECT ${COLONNES} FROM a ${NOMS}`;
  return (await run<Row>(db, text, params.values))[0];
}

/** Writes one line about an appointment. */
export async function noteAppointment(db: Db, { id, etablissementId }: Pick<Appointment, 'id' | 'etablissementId'>, appel: Appel, acte: Acte): Promise<void> {
  const params = createParams();
  await run(db, auditInsert(params, `(SELECT ${params.add(id, 'int')} AS id, ${params.add(etablissementId, 'int')} AS etablissement_id)`, ligneDe(acte), appel), params.values);
}

/** A page, newest first, its count, and the lines for those shown that are not the reader's own: one round trip. */
export async function listAppointments(db: Db, filtre: FiltreAppointments, appel: Appel): Promise<PageAppointments> {
  const { acteur } = appel;
  const params = createParams();
  const where = toWhere(params.add, filtre);
  const lectures = quiAgit(acteur) === 'patient' ? '' : `, montrees AS (SELECT id, etablissement_id FROM page WHERE patient_id <> ${params.add(acteur.id, 'int')}), notes AS (${lecturesInsert(params, 'montrees', { ...auteurDe(acteur), acteurId: acteur.id, action: actionPage, objetType: OBJET }, appel)})`;
  const text = `WITH page AS (SELECT a.* FROM appointment a WHERE ${where} ORDER BY a.created_at DESC, a.id DESC LIMIT ${filtre.pageSize} OFFSET ${rangDe(filtre)}),
    compte AS (SELECT count(*)::int AS lus FROM (SELECT FROM appointment a WHERE ${where} LIMIT ${profondeurMax + 1}) AS comptes)${lectures}
    SELECT compte.lus, ${COLONNES} FROM compte LEFT JOIN (page AS a ${NOMS}) ON true ORDER BY a.created_at DESC, a.id DESC`;
  const rows = await run<Row & { lus: number }>(db, text, params.values);
  return { appointments: rows.filter(({ id }) => id !== null), ...enCompte(rows[0]?.lus ?? 0) };
}

function toWhere(add: (value: unknown, type?: string) => string, { patient, etablissementId, visibleDe, status, depuis, avant }: FiltreAppointments): string {
  const debut = 'coalesce(a.confirmed_start, a.requested_start)';
  const moi = visibleDe === undefined ? '' : add(visibleDe, 'int');
  return [
    'a.deleted_at IS NULL',
    ...(patient === undefined ? [] : [`a.patient_id = ${add(patient, 'int')}`]),
    ...(etablissementId === undefined ? [] : [`a.etablissement_id = ${add(etablissementId, 'int')}`]),
    ...(moi === '' ? [] : [`(a.medecin_id IS NULL OR a.medecin_id = ${moi} OR a.patient_id = ${moi})`]),
    ...(status.length === 0 ? [] : [`a.status = ANY(${add(status, 'text[]')})`]),
    ...(depuis === undefined ? [] : [`${debut} >= ${add(depuis.toISOString(), 'timestamptz')}`]),
    ...(avant === undefined ? [] : [`${debut} < ${add(avant.toISOString(), 'timestamptz')}`]),
  ].join(' AND ');
}
