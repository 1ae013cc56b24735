import { enCompte, rangDe } from '@mediai/kit/page';
import { AppError } from '@mediai/kit/errors';
import type { OppositionStore } from './opposition-store.ts';
import type { CreateOptions, Cree, Portee, WebhookNomme, WebhookStore } from './webhook-store.ts';
import { cleOf, isIncoming, type NewWebhook, type Webhook } from './webhook.ts';

type Row = Webhook & { cle: string; nextAttemptAt: Date | null; purged: boolean };
type KnownFiche = { numeroDossier: string; assignedMedecinId: number | null; deleted: boolean };

/** The store of events without a database, with what the projections would know. */
export function createMemoryWebhookStore() {
  const rows = new Map<number, Row>();
  const fiches = new Map<number, KnownFiche>();
  const users = new Map<number, string>();
  const answers = new Map<string, { corps: string; reponse: Uint8Array }>();
  const audited: string[] = [];

  const insert = (nouveau: NewWebhook, now: Date, of: Pick<Webhook, 'etablissementId' | 'createdBy'>): Row | undefined => {
    const cle = cleOf(nouveau);
    if ([...rows.values()].some((row) => row.cle === cle)) return undefined;
    const row: Row = {
      ...nouveau, ...of, cle, id: rows.size + 1, processingStatus: 'pending', processingError: null, relatedUserId: null, relatedFicheId: null, createdMessageId: null,
      attempts: 0, traceparent: null, receivedAt: now, processedAt: null, nextAttemptAt: now, purged: false,
    };
    rows.set(row.id, row);
    return row;
  };
  const named = ({ cle: _cle, nextAttemptAt: _next, purged: _purged, ...webhook }: Row): WebhookNomme => ({
    ...webhook, relatedUserName: users.get(webhook.relatedUserId ?? 0) ?? '', relatedFicheNumber: fiches.get(webhook.relatedFicheId ?? 0)?.numeroDossier ?? '',
  });
  const change = (id: number, changes: Partial<Row>): void => void rows.set(id, { ...(rows.get(id) as Row), ...changes });
  const empty = (row: Row): void => change(row.id, { content: isIncoming(row) ? '' : row.content, rawPayload: {}, senderPhone: '', recipientPhone: '', nextAttemptAt: null, purged: true });
  const isOurs = ({ id, attempts }: Webhook): boolean => rows.get(id)?.attempts === attempts && rows.get(id)?.nextAttemptAt !== null;
  const isBlocked = (row: Row): boolean =>
    isIncoming(row) && [...rows.values()].some((before) => isIncoming(before) && before.senderPhone === row.senderPhone && before.id < row.id && before.nextAttemptAt !== null && before.attempts < 5);

  function create(nouveau: NewWebhook, { now, acteurId, etablissementId, exiger }: CreateOptions): Cree {
    const created = insert(nouveau, now, { etablissementId, createdBy: acteurId });
    const present = created ?? ([...rows.values()].find(({ cle }) => cle === cleOf(nouveau)) as Row);
    if (!created) exiger(present);
    if (!created && ['failed', 'ignored'].includes(present.processingStatus)) change(present.id, { processingStatus: 'pending', processingError: null, processedAt: null, nextAttemptAt: now });
    audited.push(`webhook.creer ${present.id}`);
    return { webhook: named(rows.get(present.id) as Row), replayed: !created };
  }

  const holds = ({ etablissementId, avecSansEtablissement, medecinId }: Portee, row: Row): boolean => {
    const fiche = fiches.get(row.relatedFicheId ?? 0);
    const isHere = row.etablissementId === etablissementId || (avecSansEtablissement && row.etablissementId === null);
    return isHere && (medecinId === null || (fiche !== undefined && !fiche.deleted && [null, medecinId].includes(fiche.assignedMedecinId)));
  };

  const webhooks: WebhookStore = {
    take: async (nouveau, now) => insert(nouveau, now, { etablissementId: null, createdBy: null }) !== undefined,
    async create(nouveau, options) {
      const { idempotence } = options;
      const key = idempotence && `${idempotence.acteurId} ${idempotence.route} ${idempotence.cle}`;
      const corps = Buffer.from(idempotence?.corps ?? []).toString('hex');
      const premiere = key === undefined ? undefined : answers.get(key);
      if (premiere && premiere.corps !== corps) throw new AppError('unprocessable', 'idempotence.autre_corps');
      if (premiere) return { rejouee: premiere.reponse };
      const cree = create(nouveau, options);
      if (key !== undefined && idempotence) answers.set(key, { corps, reponse: idempotence.ecrire(cree) });
      return cree;
    },
    async claimDue(now, limit, leaseMs) {
      const due = [...rows.values()].filter((row) => row.nextAttemptAt !== null && row.nextAttemptAt <= now && !isBlocked(row)).slice(0, limit);
      for (const { id, attempts } of due) change(id, { attempts: attempts + 1, nextAttemptAt: new Date(now.getTime() + leaseMs) });
      return due.map(({ id }) => named(rows.get(id) as Row));
    },
    async finish(claimed, { status, error, ...rattachement }, now) {
      if (isOurs(claimed)) change(claimed.id, { ...rattachement, processingStatus: status, processingError: error, processedAt: now, nextAttemptAt: null });
    },
    async postpone(claimed, { status, error, until }, now) {
      if (isOurs(claimed)) change(claimed.id, { processingStatus: status, processingError: error, processedAt: status === 'failed' ? now : null, nextAttemptAt: until });
    },
    async list(portee, { status, eventType }, page) {
      const found = [...rows.values()].filter((row) => holds(portee, row) && (!status || row.processingStatus === status) && (!eventType || row.eventType === eventType)).toReversed();
      return { webhooks: found.slice(rangDe(page), rangDe(page) + page.pageSize).map(named), ...enCompte(found.length) };
    },
    async find(id) {
      const row = rows.get(id);
      return row && named(row);
    },
    noteLecture: async (_demandeur, { id }) => void audited.push(`webhook.lire ${id}`),
    async forget(userId) {
      for (const row of rows.values()) if (row.relatedUserId === userId) empty(row);
    },
    async purge(before, limit) {
      const past = [...rows.values()].filter(({ purged, receivedAt }) => !purged && receivedAt < before).slice(0, limit);
      for (const row of past) empty(row);
      return past.length;
    },
  };
  return { webhooks, webhookRows: rows, fiches, users, audited };
}

/** The oppositions without a database. */
export function createMemoryOppositionStore(): OppositionStore {
  const opposed = new Set<string>();
  return {
    note: async (telephone, canal, volonte) => void (volonte === 'arret' ? opposed.add(`${canal}:${telephone}`) : opposed.delete(`${canal}:${telephone}`)),
    has: async (telephone, canal) => opposed.has(`${canal}:${telephone}`),
  };
}
