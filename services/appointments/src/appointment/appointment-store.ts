import { appendAudit, appendLectures, claimIdempotence, completeIdempotence, findFirstAnswer, throwingUnavailable, type SqlExecutor } from '@mediai/db';
import { appendOutbox } from '@mediai/events';
import { auteurDe, quiAgit } from '@mediai/kit/acteur';
import { enCompte, profondeurMax, rangDe } from '@mediai/kit/page';
import { isExclusionViolation, retrying } from '../database-errors.ts';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { toOutboxEvent } from './appointment-events.ts';
import type { Appointment, Changement, Mode, NewAppointment, Statut } from './appointment.ts';
import { actionMotif, actionPage, type Acte, type AppointmentStore, type Effets, type FiltreAppointments, type Idempotence } from './ports.ts';

type Row = {
  id: number; patient_id: number; patient_username: string | null; medecin_id: number | null; medecin_username: string | null; fiche_id: number | null; etablissement_id: number;
  requested_start: Date; requested_end: Date; confirmed_start: Date | null; confirmed_end: Date | null; consultation_mode: string; location_note: string | null; status: string;
  message_patient: string | null; message_medecin: string | null; cancel_message: string | null; created_at: Date; updated_at: Date; version: number;
};
type Options = {
  /** What the bodies of requests with an Idempotency-Key are hashed with. */
  hashKey: string;
  /** Called after a commit that left events to publish. */
  committed: () => void;
};

/** First key of the advisory locks on médecins; the second is the médecin's id. */
const medecinLock = 7_305_030;

const columns = Prisma.sql`a.id, a.patient_id, p.username AS patient_username, a.medecin_id, m.username AS medecin_username, a.fiche_id, a.etablissement_id,
  a.requested_start, a.requested_end, a.confirmed_start, a.confirmed_end, a.consultation_mode, a.location_note, a.status, a.message_patient, a.message_medecin, a.cancel_message,
  a.created_at, a.updated_at, a.version`;
/** Names come with the rows, from what auth told of its users. */
const names = Prisma.sql`LEFT JOIN user_projection p ON p.id = a.patient_id LEFT JOIN user_projection m ON m.id = a.medecin_id`;

/** Appointments in PostgreSQL. */
export function createAppointmentStore(db: PrismaClient, { hashKey, committed }: Options): AppointmentStore {
  const transaction = <T>(work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> => retrying(() => db.$transaction(work));

  /** The first answer to this key, or null when the caller is the first. */
  async function claim(tx: SqlExecutor, idempotence: Idempotence | undefined): Promise<{ rejouee: Uint8Array } | null> {
    const first = idempotence && (await claimIdempotence(tx, idempotence, idempotence.corps, hashKey));
    return first ? { rejouee: first.reponse } : null;
  }

  async function finish(tx: SqlExecutor, appointment: Appointment, effets: Effets, idempotence: Idempotence | undefined): Promise<void> {
    await appendOutbox(tx, [toOutboxEvent(effets.evenement, appointment)]);
    await audit(tx, appointment, effets.acte);
    if (idempotence) await completeIdempotence(tx, idempotence, { statut: 200, reponse: idempotence.ecrire(appointment) });
  }

  return throwingUnavailable<AppointmentStore>({
    find: (id) => findOne(db, id),
    async list(filtre) {
      const where = toWhere(filtre);
      const [rows, [counted]] = await Promise.all([
        db.$queryRaw<Row[]>`SELECT ${columns} FROM appointment a ${names} WHERE ${where} ORDER BY a.created_at DESC, a.id DESC LIMIT ${filtre.pageSize} OFFSET ${rangDe(filtre)}`,
        db.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count FROM (SELECT FROM appointment a WHERE ${where} LIMIT ${profondeurMax + 1}) AS found`,
      ]);
      return { appointments: rows.map(toAppointment), ...enCompte(counted?.count ?? 0) };
    },
    async create(nouveau, effets, { at, idempotence }) {
      const outcome = await transaction(async (tx) => {
        const replayed = await claim(tx, idempotence);
        if (replayed) return replayed;
        const cree = await insert(tx, nouveau, at);
        await finish(tx, cree, effets, idempotence);
        return { cree };
      });
      committed();
      return outcome;
    },
    async change(id, decide, { at, idempotence, juger }) {
      try {
        const outcome = await transaction(async (tx) => {
          const seen = await findOne(tx, id);
          juger?.(seen);
          const replayed = await claim(tx, idempotence);
          if (replayed) return replayed;
          const { changement, ...effets } = decide(seen);
          // `decide` throws for an appointment that is not there.
          const ecrit = seen && (await update(tx, seen, changement, at));
          if (!ecrit) return 'perdue' as const;
          await finish(tx, ecrit, effets, idempotence);
          return { ecrit };
        });
        committed();
        return outcome;
      } catch (error) {
        if (isExclusionViolation(error)) return 'creneau_pris';
        throw error;
      }
    },
    rejouer: async (idempotence) => (await findFirstAnswer(db, idempotence, idempotence.corps, hashKey))?.reponse,
    noter: (appointment, acte) => audit(db, appointment, acte),
    noterPage: (appointments, acteur) => appendLectures(db, { acteurId: acteur.id, acteurRole: quiAgit(acteur), action: actionPage, objetType }, appointments),
    async motifDonne(appointmentId, acteurId, depuis) {
      const where = { objet_type: objetType, objet_id: String(appointmentId), acteur_id: acteurId, action: actionMotif, le: { gte: depuis } };
      return (await db.audit.findFirst({ where, select: { id: true } })) !== null;
    },
  });
}

const objetType = 'appointment';

async function audit(tx: SqlExecutor, { id, etablissementId }: Pick<Appointment, 'id' | 'etablissementId'>, { acteur, action, raison, issue = 'ok' }: Acte): Promise<void> {
  const auteur = acteur ? auteurDe(acteur) : { acteurId: null, acteurRole: 'service:appointments' };
  await appendAudit(tx, { ...auteur, action, objetType, objetId: id, etablissementId, issue, raison: raison ?? null });
}

async function findOne(db: Pick<PrismaClient, '$queryRaw'>, id: number): Promise<Appointment | undefined> {
  const [row] = await db.$queryRaw<Row[]>`SELECT ${columns} FROM appointment a ${names} WHERE a.id = ${id} AND a.deleted_at IS NULL`;
  return row && toAppointment(row);
}

async function insert(tx: Prisma.TransactionClient, nouveau: NewAppointment & { id?: number }, at: Date): Promise<Appointment> {
  const id = nouveau.id === undefined ? Prisma.sql`DEFAULT` : Prisma.sql`${nouveau.id}`;
  const [row] = await tx.$queryRaw<Row[]>`
    WITH a AS (
      INSERT INTO appointment (id, patient_id, medecin_id, fiche_id, etablissement_id, requested_start, requested_end, consultation_mode, location_note, message_patient, created_at, updated_at)
      VALUES (${id}, ${nouveau.patient}, ${nouveau.medecin}::int, ${nouveau.fiche}::int, ${nouveau.etablissementId}, ${nouveau.requestedStart}::timestamptz, ${nouveau.requestedEnd}::timestamptz,
        ${nouveau.consultationMode}, ${nouveau.locationNote}, ${nouveau.messagePatient}, ${at}::timestamptz, ${at}::timestamptz)
      RETURNING *
    ) SELECT ${columns} FROM a ${names}`;
  return toAppointment(row as Row);
}

/** Undefined when another write came first. */
async function update(tx: Prisma.TransactionClient, { id, version, medecin }: Appointment, changement: Changement, at: Date): Promise<Appointment | undefined> {
  const { status, confirmedStart = null, confirmedEnd = null, messageMedecin = null, cancelMessage = null } = changement;
  const responsible = changement.medecin ?? medecin;
  // One after the other per médecin: rivals for a slot that met in the exclusion constraint would wait for each other, a second each until the deadlock is seen.
  if (status === 'confirmed') await tx.$executeRaw`SELECT pg_advisory_xact_lock(${medecinLock}::int, ${responsible}::int)`;
  const [row] = await tx.$queryRaw<Row[]>`
    WITH a AS (
      UPDATE appointment SET status = ${status}, medecin_id = ${responsible}::int, version = version + 1, updated_at = ${at}::timestamptz,
        confirmed_start = coalesce(${confirmedStart}::timestamptz, confirmed_start), confirmed_end = coalesce(${confirmedEnd}::timestamptz, confirmed_end),
        message_medecin = coalesce(${messageMedecin}::text, message_medecin), cancel_message = coalesce(${cancelMessage}::text, cancel_message)
      WHERE id = ${id} AND version = ${version} AND deleted_at IS NULL
      RETURNING *
    ) SELECT ${columns} FROM a ${names}`;
  return row && toAppointment(row);
}

function toWhere({ patient, etablissementId, visibleDe, status, depuis, avant }: FiltreAppointments): Prisma.Sql {
  const start = Prisma.sql`coalesce(a.confirmed_start, a.requested_start)`;
  return Prisma.join([
    Prisma.sql`a.deleted_at IS NULL`,
    ...(patient === undefined ? [] : [Prisma.sql`a.patient_id = ${patient}`]),
    ...(etablissementId === undefined ? [] : [Prisma.sql`a.etablissement_id = ${etablissementId}`]),
    ...(visibleDe === undefined ? [] : [Prisma.sql`(a.medecin_id IS NULL OR a.medecin_id = ${visibleDe} OR a.patient_id = ${visibleDe})`]),
    ...(status.length === 0 ? [] : [Prisma.sql`a.status IN (${Prisma.join([...status])})`]),
    ...(depuis === undefined ? [] : [Prisma.sql`${start} >= ${depuis}::timestamptz`]),
    ...(avant === undefined ? [] : [Prisma.sql`${start} < ${avant}::timestamptz`]),
  ], ' AND ');
}

function toAppointment(row: Row): Appointment {
  return {
    id: row.id,
    patient: row.patient_id,
    patientUsername: row.patient_username,
    medecin: row.medecin_id,
    medecinUsername: row.medecin_username,
    fiche: row.fiche_id,
    etablissementId: row.etablissement_id,
    requestedStart: row.requested_start,
    requestedEnd: row.requested_end,
    confirmedStart: row.confirmed_start,
    confirmedEnd: row.confirmed_end,
    consultationMode: row.consultation_mode as Mode,
    locationNote: row.location_note,
    status: row.status as Statut,
    messagePatient: row.message_patient,
    messageMedecin: row.message_medecin,
    cancelMessage: row.cancel_message,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  };
}
