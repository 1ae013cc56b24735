import { appendAudit, claimIdempotence, completeIdempotence } from '@mediai/events';
import { throwingUnavailable, type AuditEntry, type IdempotenceKey } from '@mediai/db';
import { enCompte, profondeurMax, rangDe, type Compte, type Page } from '@mediai/kit/page';
import { currentTraceparent } from '@mediai/kit/telemetry';
import type { Demandeur } from '../delivery/delivery.ts';
import type { Db } from '../database-store.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { toWebhook, type WebhookRow } from './webhook-row-store.ts';
import { cleOf, type EventType, type Fin, type NewWebhook, type ProcessingStatus, type Webhook } from './webhook.ts';

/** Whose lists: the établissement's events, with those of nobody where they may be read; of a médecin only those of fiches that no colleague follows. */
export type Portee = { etablissementId: number; avecSansEtablissement: boolean; medecinId: number | null };

export type FiltreWebhooks = { status: ProcessingStatus | undefined; eventType: EventType | undefined };

/** An event with the names of what it is about, where they are known here. */
export type WebhookNomme = Webhook & { relatedUserName: string; relatedFicheNumber: string };

export type CreateOptions = {
  now: Date;
  demandeur: Demandeur;
  acteurId: number;
  etablissementId: number;
  /** Whether the actor may have an event that is there taken again. @throws AppError when not */
  exiger: (present: Webhook) => void;
  idempotence: (IdempotenceKey & { corps: Uint8Array; ecrire: (cree: Cree) => Uint8Array }) | undefined;
};

/** `replayed`: it was there. */
export type Cree = { webhook: WebhookNomme; replayed: boolean };

export type WebhookStore = {
  /** Keeps an event of the provider, due at once; false when it is there already. */
  take: (nouveau: NewWebhook, now: Date) => Promise<boolean>;
  /** The same for one that an admin wrote, audited, under its key; one that is there and failed or was ignored is due again. */
  create: (nouveau: NewWebhook, options: CreateOptions) => Promise<Cree | { rejouee: Uint8Array }>;
  /** Takes due events for `leaseMs`; no two callers get the same, and of one phone's messages no later one before an earlier. */
  claimDue: (now: Date, limit: number, leaseMs: number) => Promise<Webhook[]>;
  /** Ends one, unless its lease was lost. */
  finish: (claimed: Webhook, fin: Fin, now: Date) => Promise<void>;
  /** Puts one off, unless its lease was lost. */
  postpone: (claimed: Webhook, wait: { status: 'pending' | 'failed'; error: string | null; until: Date }, now: Date) => Promise<void>;
  /** Newest first. */
  list: (portee: Portee, filtre: FiltreWebhooks, page: Page) => Promise<{ webhooks: WebhookNomme[] } & Compte>;
  find: (id: number) => Promise<WebhookNomme | undefined>;
  /** Audits a reading. */
  noteLecture: (demandeur: Demandeur, webhook: Webhook) => Promise<void>;
  /** Empties text, phones and form of the events of a user who is to be forgotten. */
  forget: (userId: number) => Promise<void>;
  /** The same of events received before then; returns how many. */
  purge: (before: Date, limit: number) => Promise<number>;
};

const claimSql = `
  WITH due AS (
    SELECT e.id FROM webhook_event e
    WHERE e.next_attempt_at <= $1::timestamptz AND NOT EXISTS (
      SELECT FROM webhook_event b WHERE b.sender_phone = e.sender_phone AND b.id < e.id AND b.next_attempt_at IS NOT NULL AND b.attempts < 5
        AND b.event_type LIKE '%\\_incoming' AND e.event_type LIKE '%\\_incoming')
    ORDER BY e.next_attempt_at, e.id LIMIT $3::int FOR UPDATE SKIP LOCKED
  )
  UPDATE webhook_event SET attempts = attempts + 1, lease_until = $2::timestamptz, next_attempt_at = $2::timestamptz FROM due WHERE webhook_event.id = due.id RETURNING webhook_event.*`;

/** The row stays, so that the event counts once. */
const emptySql = `UPDATE webhook_event SET content = CASE WHEN event_type LIKE '%\\_incoming' THEN '' ELSE content END, raw_payload = '{}', sender_phone = '', recipient_phone = '', next_attempt_at = NULL, purged_at = now()`;

const FROM = 'webhook_event e LEFT JOIN fiche_projection f ON f.id = e.related_fiche_id LEFT JOIN user_projection u ON u.id = e.related_user_id';
const NAMED = `e.*, coalesce(f.numero_dossier, '') AS related_fiche_number, coalesce(nullif(trim(concat(u.first_name, ' ', u.last_name)), ''), u.username, '') AS related_user_name`;

type NamedRow = WebhookRow & { related_fiche_number: string; related_user_name: string };

/** Events of the provider in PostgreSQL. `secret` keys the hashes of idempotent bodies. */
export function createWebhookStore(db: Db, secret: string): WebhookStore {
  async function findIn(tx: Prisma.TransactionClient, which: 'id' | 'cle', value: number | string): Promise<WebhookNomme | undefined> {
    const [row] = await tx.$queryRawUnsafe<NamedRow[]>(`SELECT ${NAMED} FROM ${FROM} WHERE ${which === 'id' ? 'e.id = $1::int' : 'e.cle = $1'}`, value);
    return row && named(row);
  }

  async function createIn(tx: Prisma.TransactionClient, nouveau: NewWebhook, { now, demandeur, acteurId, etablissementId, exiger }: CreateOptions): Promise<Cree> {
    const created = await tx.webhookEvent.createMany({ data: [{ ...toColumns(nouveau, now), etablissement_id: etablissementId, created_by: acteurId }], skipDuplicates: true });
    const present = await findIn(tx, 'cle', cleOf(nouveau));
    if (!present) throw new Error('an event that was just written is not there');
    if (created.count === 0) exiger(present);
    if (created.count === 0 && (present.processingStatus === 'failed' || present.processingStatus === 'ignored')) {
      await tx.webhookEvent.update({ where: { id: present.id }, data: { processing_status: 'pending', processing_error: null, processed_at: null, next_attempt_at: now }, select: { id: true } });
      Object.assign(present, { processingStatus: 'pending', processingError: null, processedAt: null });
    }
    await appendAudit(tx, { ...demandeur, action: 'webhook.creer', objetType: 'webhook', objetId: present.id, etablissementId, issue: 'ok' });
    return { webhook: present, replayed: created.count === 0 };
  }

  const ours = ({ id, attempts }: Webhook): Prisma.WebhookEventWhereInput => ({ id, attempts, next_attempt_at: { not: null } });

  return throwingUnavailable({
    take: async (nouveau, now) => (await db.webhookEvent.createMany({ data: [toColumns(nouveau, now)], skipDuplicates: true })).count === 1,
    create: (nouveau, options) =>
      db.$transaction(async (tx) => {
        const { idempotence } = options;
        const premiere = idempotence && (await claimIdempotence(tx, idempotence, idempotence.corps, secret));
        if (premiere) return { rejouee: premiere.reponse };
        const cree = await createIn(tx, nouveau, options);
        if (idempotence) await completeIdempotence(tx, idempotence, { statut: 201, reponse: idempotence.ecrire(cree) });
        return cree;
      }),
    async claimDue(now, limit, leaseMs) {
      const rows = await db.sql.$queryRawUnsafe<WebhookRow[]>(claimSql, now, new Date(now.getTime() + leaseMs), limit);
      return rows.map(toWebhook).toSorted((a, b) => a.id - b.id);
    },
    async finish(claimed, { status, error, relatedUserId, relatedFicheId, createdMessageId, etablissementId }, now) {
      const rattachement = { related_user_id: relatedUserId, related_fiche_id: relatedFicheId, created_message_id: createdMessageId, etablissement_id: etablissementId };
      await db.webhookEvent.updateMany({ where: ours(claimed), data: { ...rattachement, processing_status: status, processing_error: error, processed_at: now, next_attempt_at: null, lease_until: null } });
    },
    async postpone(claimed, { status, error, until }, now) {
      await db.webhookEvent.updateMany({ where: ours(claimed), data: { processing_status: status, processing_error: error, processed_at: status === 'failed' ? now : null, next_attempt_at: until, lease_until: null } });
    },
    async list(portee, filtre, page) {
      const where = whereOf(portee, filtre);
      const rows = db.$queryRawUnsafe<NamedRow[]>(`SELECT ${NAMED} FROM ${FROM} WHERE ${where.sql} ORDER BY e.id DESC LIMIT ${page.pageSize} OFFSET ${rangDe(page)}`, ...where.params);
      const counted = db.$queryRawUnsafe<{ n: number }[]>(`SELECT count(*)::int AS n FROM (SELECT 1 FROM ${FROM} WHERE ${where.sql} LIMIT ${profondeurMax + 1}) AS lus`, ...where.params);
      const [lignes, [total]] = await Promise.all([rows, counted]);
      return { webhooks: lignes.map(named), ...enCompte(total?.n ?? 0) };
    },
    find: (id) => findIn(db, 'id', id),
    async noteLecture(demandeur, { id, etablissementId }) {
      const entry: AuditEntry = { ...demandeur, action: 'webhook.lire', objetType: 'webhook', objetId: id, etablissementId, issue: 'ok' };
      await appendAudit(db, entry);
    },
    forget: async (userId) => void (await db.$executeRawUnsafe(`${emptySql} WHERE related_user_id = $1::int AND purged_at IS NULL`, userId)),
    purge: (before, limit) =>
      db.$executeRawUnsafe(
        `${emptySql} WHERE id IN (SELECT id FROM webhook_event WHERE purged_at IS NULL AND received_at < $1::timestamptz ORDER BY received_at LIMIT $2::int)`, before, limit),
  });
}

function toColumns({ eventType, externalId, senderPhone, recipientPhone, content, rawPayload }: NewWebhook, now: Date): Prisma.WebhookEventCreateManyInput {
  return {
    cle: cleOf({ eventType, externalId, content }), event_type: eventType, external_id: externalId, sender_phone: senderPhone, recipient_phone: recipientPhone, content,
    raw_payload: rawPayload as Prisma.InputJsonObject, received_at: now, next_attempt_at: now, traceparent: currentTraceparent() ?? null,
  };
}

function whereOf({ etablissementId, avecSansEtablissement, medecinId }: Portee, { status, eventType }: FiltreWebhooks): { sql: string; params: unknown[] } {
  const params: unknown[] = [etablissementId];
  const also = (value: unknown): string => `$${params.push(value)}`;
  const conditions = [
    avecSansEtablissement ? '(e.etablissement_id = $1::int OR e.etablissement_id IS NULL)' : 'e.etablissement_id = $1::int',
    // A fiche that is not known here yet is in no médecin's list.
    ...(medecinId === null ? [] : [`f.id IS NOT NULL AND NOT f.deleted AND (f.assigned_medecin_id IS NULL OR f.assigned_medecin_id = ${also(medecinId)}::int)`]),
    ...(status === undefined ? [] : [`e.processing_status = ${also(status)}`]),
    ...(eventType === undefined ? [] : [`e.event_type = ${also(eventType)}`]),
  ];
  return { sql: conditions.join(' AND '), params };
}

const named = ({ related_fiche_number: relatedFicheNumber, related_user_name: relatedUserName, ...row }: NamedRow): WebhookNomme => ({ ...toWebhook(row), relatedUserName, relatedFicheNumber });
