import { appendAudit, appendOutbox, onceInInbox, projectFiche } from '@mediai/events';
import { currentTraceparent } from '@mediai/kit/telemetry';
import type { FicheState } from '@mediai/contracts/consultation/v1/events';
import { throwingUnavailable } from '@mediai/db';
import { nous } from '../acces/acces.ts';
import { deliveryChanged } from '../delivery/delivery-events.ts';
import { toDelivery } from '../delivery/delivery-store.ts';
import type { Modele } from '../delivery/delivery.ts';
import type { Db } from '../database-store.ts';
import type { Annonce as AnnonceRow, Prisma } from '../generated/prisma/client.ts';
import type { Annonce, Issue, NewAnnonce } from './annonce.ts';

export type AnnonceStore = {
  /** Once per event: the fiche's state and what is to be told of it. True the first time. */
  takeFiche: (eventId: string, fiche: FicheState, annonces: NewAnnonce[], now: Date) => Promise<boolean>;
  /** Once per event: what is to be told of an appointment; whatever still waits about an older version of it is dropped. True the first time. */
  takeAppointment: (eventId: string, appointment: { id: number; version: number }, annonces: NewAnnonce[], now: Date) => Promise<boolean>;
  /** Takes due announcements for `leaseMs`; no two callers get the same. */
  claimDue: (now: Date, limit: number, leaseMs: number) => Promise<Annonce[]>;
  /** Ends one that no newer state has ended. */
  finish: (id: number, issue: Exclude<Issue, 'envoyee'>) => Promise<void>;
  postpone: (id: number, until: Date) => Promise<void>;
};

const consumer = 'notifications';

const claimSql = `
  WITH due AS (SELECT id FROM annonce WHERE issue IS NULL AND next_attempt_at <= $1::timestamptz ORDER BY next_attempt_at LIMIT $3::int FOR UPDATE SKIP LOCKED)
  UPDATE annonce SET attempts = attempts + 1, lease_until = $2::timestamptz, next_attempt_at = $2::timestamptz FROM due WHERE annonce.id = due.id RETURNING annonce.*`;

/** Announcements in PostgreSQL. `committed` is called after a commit that left events to publish. */
export function createAnnonceStore(db: Db, committed: () => void): AnnonceStore {
  return throwingUnavailable({
    takeFiche: (eventId, fiche, annonces, now) =>
      db.$transaction(async (tx) => {
        if (!(await onceInInbox(tx, consumer, eventId))) return false;
        await projectFiche(tx, fiche);
        await insert(tx, annonces, now);
        return true;
      }),
    async takeAppointment(eventId, { id, version }, annonces, now) {
      const taken = await db.$transaction(async (tx) => {
        if (!(await onceInInbox(tx, consumer, eventId))) return false;
        await tx.annonce.updateMany({ where: { appointment_id: id, appointment_version: { lt: version }, issue: null }, data: { issue: 'remplacee' satisfies Issue } });
        await dropDeliveries(tx, id, version, now);
        await insert(tx, annonces, now);
        return true;
      });
      if (taken) committed();
      return taken;
    },
    async claimDue(now, limit, leaseMs) {
      const rows = await db.sql.$queryRawUnsafe<AnnonceRow[]>(claimSql, now, new Date(now.getTime() + leaseMs), limit);
      return rows.map(toAnnonce);
    },
    async finish(id, issue) {
      await db.annonce.updateMany({ where: { id, issue: null }, data: { issue, lease_until: null } });
    },
    async postpone(id, until) {
      await db.annonce.updateMany({ where: { id, issue: null }, data: { next_attempt_at: until, lease_until: null } });
    },
  });
}

/** Messages about an older version of the appointment that certainly were not sent yet. */
async function dropDeliveries(tx: Prisma.TransactionClient, appointmentId: number, version: number, now: Date): Promise<void> {
  const rows = await tx.delivery.updateManyAndReturn({
    where: { appointment_id: appointmentId, appointment_version: { lt: version }, etat: 'en_attente', uncertain_since: null },
    data: { etat: 'echec', error_code: 'remplace', updated_at: now, version: { increment: 1 } },
  });
  await appendOutbox(tx, rows.map((row) => deliveryChanged(toDelivery(row))));
  for (const row of rows) {
    await appendAudit(tx, {
      ...nous, action: 'delivery.remplacer', objetType: 'delivery', objetId: row.id, etablissementId: row.etablissement_id, issue: 'ok', raison: 'remplace',
    });
  }
}

async function insert(tx: Prisma.TransactionClient, annonces: NewAnnonce[], now: Date): Promise<void> {
  const traceparent = currentTraceparent() ?? null;
  await tx.annonce.createMany({
    data: annonces.map((annonce) => ({
      modele: annonce.modele, fiche_id: annonce.ficheId, appointment_id: annonce.appointmentId, appointment_version: annonce.appointmentVersion,
      appointment_status: annonce.appointmentStatus, debut: annonce.debut, user_id: annonce.userId, etablissement_id: annonce.etablissementId,
      next_attempt_at: now, created_at: now, traceparent,
    })),
  });
}

function toAnnonce(row: AnnonceRow): Annonce {
  return {
    id: row.id, modele: row.modele as Modele, ficheId: row.fiche_id, appointmentId: row.appointment_id, appointmentVersion: row.appointment_version,
    appointmentStatus: row.appointment_status, debut: row.debut, userId: row.user_id, etablissementId: row.etablissement_id, attempts: row.attempts, traceparent: row.traceparent,
  };
}
