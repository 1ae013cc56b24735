import { appendAudit, claimIdempotence, completeIdempotence, createAppendLectures, createIds, findFirstAnswer, throwingUnavailable, type SqlExecutor } from '@mediai/db';
import { quiAgit } from '@mediai/kit/acteur';
import { isExclusionViolation, retrying } from '../database-errors.ts';
import type { Db } from '../database-store.ts';
import { createListeAppointments } from './appointment-list-store.ts';
import { columns, names, toAppointment, type Row } from './appointment-row-store.ts';
import { ligneAudit, objetType, writeChange, writeNew } from './appointment-write-store.ts';
import type { Appointment } from './appointment.ts';
import { actionMotif, actionPage, type AppointmentStore, type Idempotence } from './ports.ts';

type Options = {
  /** What the bodies of requests with an Idempotency-Key are hashed with. */
  hashKey: string;
  /** Called after a commit that left events to publish. */
  committed: () => void;
};

type Rejouee = { rejouee: Uint8Array };
type Written = { ecrit: Appointment } | Rejouee;

/** Thrown out of a transaction to undo it: another write came first. */
class Perdue extends Error {
  override readonly name = 'Perdue';
}

/** Appointments in PostgreSQL. */
export function createAppointmentStore(db: Db, { hashKey, committed }: Options): AppointmentStore {
  const takeId = createIds(db.sql, 'appointment');
  const noterLectures = createAppendLectures(db.sql);

  /**
   * Runs a write: a statement by itself, or under a key a transaction that ends by keeping its answer. `first` is asked
   * by the write once it may answer: it takes the key, and gives the first answer where there is one.
   */
  async function once(idempotence: Idempotence | undefined, write: (sql: SqlExecutor, first: () => Promise<Rejouee | null>) => Promise<Written>): Promise<Written> {
    const outcome = await retrying(async () => {
      if (!idempotence) return write(db.sql, async () => null);
      return db.sql.transaction(async (sql) => {
        const written = await write(sql, async () => {
          const first = await claimIdempotence(sql, idempotence, idempotence.corps, hashKey);
          return first && { rejouee: first.reponse };
        });
        if ('ecrit' in written) await completeIdempotence(sql, idempotence, { statut: 200, reponse: idempotence.ecrire(written.ecrit) });
        return written;
      });
    });
    committed();
    return outcome;
  }

  return throwingUnavailable<AppointmentStore>({
    find: (id) => findOne(db.sql, id),
    list: createListeAppointments(db.sql),
    async create({ id, ...nouveau }, effets, { at, idempotence }) {
      const appointmentId = id ?? (await takeId());
      const outcome = await once(idempotence, async (sql, first) => (await first()) ?? { ecrit: await writeNew(sql, { ...nouveau, id: appointmentId }, effets, at) });
      return 'ecrit' in outcome ? { cree: outcome.ecrit } : outcome;
    },
    async change(id, decide, { at, idempotence, juger }) {
      try {
        return await once(idempotence, async (sql, first) => {
          const seen = await findOne(sql, id);
          juger?.(seen);
          const replayed = await first();
          if (replayed) return replayed;
          const { changement, ...effets } = decide(seen);
          // `decide` throws for an appointment that is not there.
          const ecrit = seen && (await writeChange(sql, seen, changement, effets, at));
          if (!ecrit) throw new Perdue();
          return { ecrit };
        });
      } catch (error) {
        if (error instanceof Perdue) return 'perdue';
        if (isExclusionViolation(error)) return 'creneau_pris';
        throw error;
      }
    },
    rejouer: async (idempotence) => (await findFirstAnswer(db.sql, idempotence, idempotence.corps, hashKey))?.reponse,
    noter: (appointment, acte) => appendAudit(db.sql, ligneAudit(appointment, acte)),
    noterPage: (appointments, acteur) => noterLectures({ acteurId: acteur.id, acteurRole: quiAgit(acteur), action: actionPage, objetType }, appointments),
    async motifDonne(appointmentId, acteurId, depuis) {
      const where = { objet_type: objetType, objet_id: String(appointmentId), acteur_id: acteurId, action: actionMotif, le: { gte: depuis } };
      return (await db.audit.findFirst({ where, select: { id: true } })) !== null;
    },
  });
}

async function findOne(sql: SqlExecutor, id: number): Promise<Appointment | undefined> {
  const [row] = await sql.$queryRawUnsafe<Row[]>(`SELECT ${columns} FROM appointment a ${names} WHERE a.id = $1::int AND a.deleted_at IS NULL`, id);
  return row && toAppointment(row);
}
