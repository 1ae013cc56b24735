import { appendAudit, appendOutbox, claimIdempotence, completeIdempotence } from '@mediai/events';
import { currentTraceparent } from '@mediai/kit/telemetry';
import { findFirstAnswer, throwingUnavailable, type FirstAnswer, type IdempotenceKey } from '@mediai/db';
import { nous } from '../acces/acces.ts';
import { isUniqueViolation } from '../database-errors.ts';
import type { Committed } from '../metrics.ts';
import type { Db } from '../database-store.ts';
import type { Delivery as DeliveryRow, Prisma } from '../generated/prisma/client.ts';
import { deliveryChanged } from './delivery-events.ts';
import { holdsKey, isNews, type Canal, type ClaimedDelivery, type Delivery, type Demandeur, type Etat, type Modele, type NewDelivery, type Settlement } from './delivery.ts';

export type LeaseTiming = {
  /** How long whoever takes a delivery has for it. */
  leaseMs: number;
  /** After a send of unknown outcome, how long the provider's empty list is not yet believed. */
  graceMs: number;
};

export type OpenOptions = {
  now: Date;
  demandeur: Demandeur;
  /** Make a new delivery even where one holds the key. */
  force?: boolean;
  /** The Idempotency-Key of the call: taken with the delivery, which is the answer to a repeated call. */
  idempotence?: CleAppel | undefined;
};

/** An Idempotency-Key, with the body under it. */
export type CleAppel = IdempotenceKey & { corps: Uint8Array };

export type DeliveryStore = {
  /** The delivery that holds the key, or a new one that now does; of concurrent callers one creates it. @throws AppError conflict or unprocessable for an Idempotency-Key */
  open: (wanted: NewDelivery, options: OpenOptions) => Promise<{ delivery: Delivery; created: boolean }>;
  /** The same, ending the announcement it comes from in the same transaction; false when that has ended already. */
  openFromAnnonce: (wanted: NewDelivery, annonceId: number, now: Date) => Promise<boolean>;
  find: (id: number) => Promise<Delivery | undefined>;
  /** The delivery that a call under this Idempotency-Key was answered with. @throws AppError unprocessable for another body */
  findAnswered: (cle: CleAppel) => Promise<number | undefined>;
  /** The delivery that holds the key. */
  findByKey: (etablissementId: number, cle: string, now: Date) => Promise<Delivery | undefined>;
  /** Takes due deliveries, and those whose lease ran out, for `leaseMs`; no two callers get the same. */
  claimDue: (now: Date, limit: number, timing: LeaseTiming) => Promise<ClaimedDelivery[]>;
  /** Takes this one if it is due. */
  claim: (id: number, now: Date, timing: LeaseTiming) => Promise<ClaimedDelivery | undefined>;
  /** A new lease for a send that follows a look; undefined when the old one was lost. */
  renew: (claimed: ClaimedDelivery, now: Date, timing: LeaseTiming) => Promise<ClaimedDelivery | undefined>;
  /** Writes what became of an attempt, its event and, at its end, its audit line; false when the lease was lost or the SID is another's. */
  settle: (claimed: ClaimedDelivery, settlement: Settlement, now: Date) => Promise<boolean>;
  /** Takes a state that the provider told of a message, if it is news, with its event and its audit line; undefined when no delivery (of that établissement) has the SID. */
  follow: (sid: string, told: Suivi, options: FollowOptions) => Promise<Suivie | undefined>;
  /** How many messages of a kind to a phone were made since then. */
  countSince: (modele: Modele, telephone: string, since: Date) => Promise<number>;
  /** Those of `sids` that some delivery has. */
  knownSids: (sids: string[]) => Promise<Set<string>>;
  /** Audits that a message about a fiche was refused, with the refusal's code. */
  noteRefus: (demandeur: Demandeur, refus: Refus) => Promise<void>;
};

/** A state that the provider told. */
export type Suivi = { etat: Etat; errorCode: string | null };
/** `etablissementId`: only of this one's deliveries; null for any. */
export type FollowOptions = { now: Date; etablissementId: number | null };
/** Whose the message is. */
export type Suivie = Pick<Delivery, 'userId' | 'ficheId' | 'etablissementId'>;

export type Refus = { ficheId: number; etablissementId: number; code: string };

type ClaimedRow = DeliveryRow & { must_reconcile: boolean };

/** After a restored backup the provider may hold what a delivery is about to send, from a time that is not known here any more. */
const repriseSql = '(SELECT min(depuis) FROM reprise WHERE delivery.created_at < reprise.jusqu_a)';

const claimSql = (which: string) => `
  WITH due AS (
    SELECT id, coalesce(uncertain_since, ${repriseSql}) AS uncertain FROM delivery
    WHERE ${which} etat IN ('en_attente', 'en_cours', 'inconnu') AND next_attempt_at <= $1::timestamptz
    ORDER BY next_attempt_at LIMIT $4::int FOR UPDATE SKIP LOCKED
  )
  UPDATE delivery SET etat = 'en_cours', attempts = attempts + 1, lease_until = $2::timestamptz, next_attempt_at = $2::timestamptz,
    uncertain_since = coalesce(due.uncertain, $1::timestamptz), resend_after = CASE WHEN due.uncertain IS NULL THEN $3::timestamptz ELSE resend_after END,
    updated_at = $1::timestamptz, version = version + 1
  FROM due WHERE delivery.id = due.id RETURNING delivery.*, due.uncertain IS NOT NULL AS must_reconcile`;

/** Deliveries in PostgreSQL. `committed` is called after a commit that left events to publish, with the state that a message came to, if it did; `secret` keys the hashes of idempotent bodies. */
export function createDeliveryStore(db: Db, committed: Committed, secret: string): DeliveryStore {
  async function claim(which: string, now: Date, limit: number, { leaseMs, graceMs }: LeaseTiming, ...params: unknown[]): Promise<ClaimedDelivery[]> {
    const rows = await db.$transaction(async (tx) => {
      const taken = await tx.$queryRawUnsafe<ClaimedRow[]>(claimSql(which), now, after(now, leaseMs), after(now, graceMs), limit, ...params);
      await appendOutbox(tx, taken.map((row) => deliveryChanged(toDelivery(row))));
      return taken;
    });
    if (rows.length > 0) committed();
    return rows.map((row) => ({ ...toDelivery(row), leaseUntil: row.lease_until as Date, mustReconcile: row.must_reconcile }));
  }

  return throwingUnavailable({
    async open(wanted, options) {
      const opened = await db.$transaction((tx) => openUnderKey(tx, wanted, options, secret));
      if (opened.created) committed();
      return opened;
    },
    async openFromAnnonce(wanted, annonceId, now) {
      const opened = await db.$transaction(async (tx) => {
        // Its row is taken first: a newer state that ends it either came before, or waits and then finds the delivery.
        const { count } = await tx.annonce.updateMany({ where: { id: annonceId, issue: null }, data: { issue: 'envoyee', lease_until: null } });
        if (count === 0) return false;
        const { delivery } = await open(tx, wanted, { now, demandeur: nous });
        await tx.annonce.update({ where: { id: annonceId }, data: { delivery_id: delivery.id }, select: { id: true } });
        return true;
      });
      if (opened) committed();
      return opened;
    },
    async find(id) {
      const row = await db.delivery.findUnique({ where: { id } });
      return row ? toDelivery(row) : undefined;
    },
    async findAnswered({ corps, ...cle }) {
      const premiere = await findFirstAnswer(db, cle, corps, secret);
      return premiere ? idIn(premiere) : undefined;
    },
    async findByKey(etablissementId, cle, now) {
      const held = await db.envoiCle.findUnique({ where: { cle: scopedKey(etablissementId, cle) } });
      const row = held && (await db.delivery.findUnique({ where: { id: held.delivery_id } }));
      return row && holdsKey(toDelivery(row), now) ? toDelivery(row) : undefined;
    },
    async claimDue(now, limit, timing) {
      // It is asked each second: a transaction is begun where there is something to take.
      const due = await db.sql.$queryRawUnsafe<unknown[]>(`SELECT 1 FROM delivery WHERE etat IN ('en_attente', 'en_cours', 'inconnu') AND next_attempt_at <= $1::timestamptz LIMIT 1`, now);
      return due.length === 0 ? [] : claim('', now, limit, timing);
    },
    claim: async (id, now, timing) => (await claim('id = $5::int AND', now, 1, timing, id))[0],
    async renew(claimed, now, { leaseMs, graceMs }) {
      const lease = { lease_until: after(now, leaseMs), next_attempt_at: after(now, leaseMs), resend_after: after(now, graceMs) };
      const { count } = await db.delivery.updateMany({ where: ours(claimed), data: { ...lease, updated_at: now } });
      return count === 1 ? { ...claimed, leaseUntil: lease.lease_until, nextAttemptAt: lease.next_attempt_at, resendAfter: lease.resend_after } : undefined;
    },
    async settle(claimed, settlement, now) {
      try {
        const settled = await db.$transaction(async (tx) => {
          const { count } = await tx.delivery.updateMany({ where: ours(claimed), data: { ...toColumns(settlement), lease_until: null, updated_at: now, version: { increment: 1 } } });
          if (count === 0) return false;
          await appendOutbox(tx, [deliveryChanged({ ...claimed, ...settlement })]);
          if (settlement.etat === 'envoye' || settlement.etat === 'echec') await appendAudit(tx, auditLine({ ...claimed, ...settlement }));
          return true;
        });
        if (settled) committed({ canal: claimed.canal, etat: settlement.etat, createdAt: claimed.createdAt, at: now });
        return settled;
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },
    async follow(sid, told, options) {
      const followed = await db.$transaction((tx) => follow(tx, sid, told, options));
      if (followed?.changed) {
        const { canal, etat, createdAt } = followed.delivery;
        committed({ canal, etat, createdAt, at: options.now });
      }
      return followed?.delivery;
    },
    countSince: (modele, telephone, since) => db.delivery.count({ where: { modele, telephone, created_at: { gte: since } } }),
    async knownSids(sids) {
      const rows = await db.delivery.findMany({ where: { message_sid: { in: sids } }, select: { message_sid: true } });
      return new Set(rows.flatMap(({ message_sid: sid }) => sid ?? []));
    },
    noteRefus: (demandeur, { ficheId, etablissementId, code }) =>
      appendAudit(db, { ...demandeur, action: 'delivery.demander', objetType: 'fiche', objetId: ficheId, etablissementId, issue: 'refus', raison: code }),
  });
}

const idIn = ({ reponse }: FirstAnswer): number => Number(Buffer.from(reponse).toString());

async function openUnderKey(tx: Prisma.TransactionClient, wanted: NewDelivery, options: OpenOptions, secret: string): Promise<{ delivery: Delivery; created: boolean }> {
  const { idempotence } = options;
  const premiere = idempotence && (await claimIdempotence(tx, idempotence, idempotence.corps, secret));
  if (premiere) return { delivery: toDelivery(await tx.delivery.findUniqueOrThrow({ where: { id: idIn(premiere) } })), created: false };
  const opened = await open(tx, wanted, options);
  if (idempotence) await completeIdempotence(tx, idempotence, { statut: 200, reponse: Buffer.from(String(opened.delivery.id)) });
  return opened;
}

async function open(tx: Prisma.TransactionClient, wanted: NewDelivery, { now, demandeur, force = false }: OpenOptions): Promise<{ delivery: Delivery; created: boolean }> {
  // Takes the key's row, made or there, until the end of the transaction: of concurrent sends the second waits here.
  const [held] = await tx.$queryRawUnsafe<{ delivery_id: number }[]>(
    'INSERT INTO envoi_cle (cle, delivery_id) VALUES ($1, 0) ON CONFLICT (cle) DO UPDATE SET cle = excluded.cle RETURNING delivery_id', scopedKey(wanted.etablissementId, wanted.cle));
  const present = held?.delivery_id && !force ? await tx.delivery.findUnique({ where: { id: held.delivery_id } }) : null;
  if (present && holdsKey(toDelivery(present), now)) return { delivery: toDelivery(present), created: false };
  return { delivery: await insert(tx, wanted, now, demandeur), created: true };
}

async function insert(tx: Prisma.TransactionClient, wanted: NewDelivery, now: Date, demandeur: Demandeur): Promise<Delivery> {
  const row = await tx.delivery.create({
    data: {
      cle: wanted.cle, canal: wanted.canal, modele: wanted.modele, telephone: wanted.telephone, user_id: wanted.userId, prenom: wanted.prenom,
      numero_dossier: wanted.numeroDossier, fiche_id: wanted.ficheId, appointment_id: wanted.appointmentId, appointment_version: wanted.appointmentVersion,
      debut: wanted.debut, fuseau: wanted.fuseau, etablissement_id: wanted.etablissementId, next_attempt_at: now, traceparent: currentTraceparent() ?? null,
      created_at: now, updated_at: now,
    },
  });
  const delivery = toDelivery(row);
  await tx.envoiCle.update({ where: { cle: scopedKey(wanted.etablissementId, wanted.cle) }, data: { delivery_id: row.id }, select: { cle: true } });
  await appendOutbox(tx, [deliveryChanged(delivery)]);
  await appendAudit(tx, {
    ...demandeur, action: 'delivery.demander', objetType: 'delivery', objetId: row.id, etablissementId: wanted.etablissementId, issue: 'ok', raison: wanted.modele,
  });
  return delivery;
}

/** Only the holder of the current lease may write. */
async function follow(tx: Prisma.TransactionClient, sid: string, { etat, errorCode }: Suivi, { now, etablissementId }: FollowOptions): Promise<{ delivery: Delivery; changed: boolean } | undefined> {
  // Its row is taken: of states that come at once the second sees what the first has made of it.
  const [row] = await tx.$queryRawUnsafe<DeliveryRow[]>('SELECT * FROM delivery WHERE message_sid = $1 FOR UPDATE', sid);
  if (!row || (etablissementId !== null && row.etablissement_id !== etablissementId)) return undefined;
  const delivery = toDelivery(row);
  if (!isNews(delivery.etat, etat)) return { delivery, changed: false };
  const news = { ...delivery, etat, errorCode };
  await tx.delivery.update({ where: { id: row.id }, data: { etat, error_code: errorCode, updated_at: now, version: { increment: 1 } }, select: { id: true } });
  await appendOutbox(tx, [deliveryChanged(news)]);
  await appendAudit(tx, { ...auditLine(news), action: 'delivery.suivre', issue: etat === 'echec' ? 'echec' : 'ok' });
  return { delivery: news, changed: true };
}

function ours({ id, attempts }: ClaimedDelivery): Prisma.DeliveryWhereInput {
  return { id, attempts, etat: 'en_cours' };
}

function auditLine({ id, etat, errorCode, etablissementId }: Delivery) {
  return {
    ...nous, action: 'delivery.envoyer', objetType: 'delivery', objetId: id, etablissementId,
    issue: etat === 'envoye' ? ('ok' as const) : ('echec' as const), raison: errorCode,
  };
}

function toColumns({ etat, errorCode, uncertainSince, messageSid, nextAttemptAt, resendAfter, sentAt }: Settlement): Prisma.DeliveryUpdateManyMutationInput {
  return { etat, error_code: errorCode, uncertain_since: uncertainSince, message_sid: messageSid, next_attempt_at: nextAttemptAt, resend_after: resendAfter, sent_at: sentAt };
}

/** Keys are an établissement's own: no other can meet, or guess, its deliveries. */
function scopedKey(etablissementId: number, cle: string): string {
  return `${etablissementId}/${cle}`;
}

/** A row of `delivery` as the domain reads it. */
export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id, cle: row.cle, canal: row.canal as Canal, modele: row.modele as Modele, telephone: row.telephone, userId: row.user_id, prenom: row.prenom,
    numeroDossier: row.numero_dossier, ficheId: row.fiche_id, appointmentId: row.appointment_id, appointmentVersion: row.appointment_version, debut: row.debut,
    fuseau: row.fuseau, etablissementId: row.etablissement_id, etat: row.etat as Etat, attempts: row.attempts, nextAttemptAt: row.next_attempt_at,
    leaseUntil: row.lease_until, uncertainSince: row.uncertain_since, resendAfter: row.resend_after, messageSid: row.message_sid, errorCode: row.error_code,
    sentAt: row.sent_at, traceparent: row.traceparent, createdAt: row.created_at,
  };
}

function after(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
