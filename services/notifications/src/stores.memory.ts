import { AppError } from '@mediai/kit/errors';
import type { AnnonceStore } from './annonce/annonce-store.ts';
import type { Annonce, Issue } from './annonce/annonce.ts';
import type { CleAppel, DeliveryStore, LeaseTiming, OpenOptions, Refus } from './delivery/delivery-store.ts';
import { holdsKey, isNews, type ClaimedDelivery, type Delivery, type Demandeur, type Etat, type NewDelivery } from './delivery/delivery.ts';
import { createMemoryOppositionStore, createMemoryWebhookStore } from './webhook/webhook-store.memory.ts';

type AnnonceRow = Annonce & { issue: Issue | null; deliveryId: number | null; nextAttemptAt: Date };

/** The stores without a database; of deliveries and announcements over the same rows. */
export function createMemoryStores() {
  const rows = new Map<number, Delivery>();
  const keys = new Map<string, number>();
  const annonceRows = new Map<number, AnnonceRow>();
  const taken = new Set<string>();
  const answered = new Map<string, { corps: string; id: number }>();
  const keyOf = ({ acteurId, route, cle }: CleAppel): string => `${acteurId} ${route} ${cle}`;
  const corpsOf = ({ corps }: CleAppel): string => Buffer.from(corps).toString('hex');
  /** States as they were told to other services, in order. */
  const announced: { id: number; etat: Etat }[] = [];
  /** Refusals as they were audited. */
  const refusals: (Demandeur & Refus)[] = [];
  const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

  function write(row: Delivery): Delivery {
    rows.set(row.id, row);
    announced.push({ id: row.id, etat: row.etat });
    return row;
  }

  function open(wanted: NewDelivery, { now, force = false }: Pick<OpenOptions, 'now' | 'force'>): { delivery: Delivery; created: boolean } {
    const key = `${wanted.etablissementId}/${wanted.cle}`;
    const present = rows.get(keys.get(key) ?? 0);
    if (present && !force && holdsKey(present, now)) return { delivery: present, created: false };
    const delivery = write({
      ...wanted, id: rows.size + 1, etat: 'en_attente', attempts: 0, nextAttemptAt: now, leaseUntil: null, uncertainSince: null, resendAfter: null,
      messageSid: null, errorCode: null, sentAt: null, traceparent: null, createdAt: now,
    });
    keys.set(key, delivery.id);
    return { delivery, created: true };
  }

  const isDue = (row: Delivery, now: Date): boolean => ['en_attente', 'en_cours', 'inconnu'].includes(row.etat) && row.nextAttemptAt <= now;
  const isOurs = ({ id, attempts }: ClaimedDelivery): boolean => rows.get(id)?.etat === 'en_cours' && rows.get(id)?.attempts === attempts;

  function take(row: Delivery, now: Date, { leaseMs, graceMs }: LeaseTiming): ClaimedDelivery {
    const mustReconcile = row.uncertainSince !== null;
    const leaseUntil = after(now, leaseMs);
    const resendAfter = mustReconcile ? row.resendAfter : after(now, graceMs);
    const claimed = write({ ...row, etat: 'en_cours', attempts: row.attempts + 1, leaseUntil, nextAttemptAt: leaseUntil, uncertainSince: row.uncertainSince ?? now, resendAfter });
    return { ...claimed, leaseUntil, mustReconcile };
  }

  const deliveries: DeliveryStore = {
    async open(wanted, options) {
      const { idempotence } = options;
      const opened = open(wanted, options);
      if (idempotence) answered.set(keyOf(idempotence), { corps: corpsOf(idempotence), id: opened.delivery.id });
      return opened;
    },
    async findAnswered(cle) {
      const premiere = answered.get(keyOf(cle));
      if (premiere && premiere.corps !== corpsOf(cle)) throw new AppError('unprocessable', 'idempotence.autre_corps');
      return premiere?.id;
    },
    async openFromAnnonce(wanted, annonceId, now) {
      const annonce = annonceRows.get(annonceId);
      if (!annonce || annonce.issue) return false;
      annonceRows.set(annonceId, { ...annonce, issue: 'envoyee', deliveryId: open(wanted, { now }).delivery.id });
      return true;
    },
    find: async (id) => rows.get(id),
    async findByKey(etablissementId, cle, now) {
      const row = rows.get(keys.get(`${etablissementId}/${cle}`) ?? 0);
      return row && holdsKey(row, now) ? row : undefined;
    },
    async claimDue(now, limit, timing) {
      const due = [...rows.values()].filter((row) => isDue(row, now)).toSorted((a, b) => a.nextAttemptAt.getTime() - b.nextAttemptAt.getTime());
      return due.slice(0, limit).map((row) => take(row, now, timing));
    },
    async claim(id, now, timing) {
      const row = rows.get(id);
      return row && isDue(row, now) ? take(row, now, timing) : undefined;
    },
    async renew(claimed, now, { leaseMs, graceMs }) {
      if (!isOurs(claimed)) return undefined;
      const leaseUntil = after(now, leaseMs);
      const renewed = { ...claimed, leaseUntil, nextAttemptAt: leaseUntil, resendAfter: after(now, graceMs) };
      rows.set(claimed.id, renewed);
      return renewed;
    },
    async settle(claimed, settlement) {
      const sidTaken = settlement.messageSid !== undefined && [...rows.values()].some((row) => row.messageSid === settlement.messageSid);
      if (!isOurs(claimed) || sidTaken) return false;
      write({ ...(rows.get(claimed.id) as Delivery), ...settlement, leaseUntil: null });
      return true;
    },
    async follow(sid, { etat, errorCode }, { etablissementId }) {
      const row = [...rows.values()].find(({ messageSid }) => messageSid === sid);
      if (!row || (etablissementId !== null && row.etablissementId !== etablissementId)) return undefined;
      return isNews(row.etat, etat) ? write({ ...row, etat, errorCode }) : row;
    },
    countSince: async (modele, telephone, since) => [...rows.values()].filter((row) => row.modele === modele && row.telephone === telephone && row.createdAt >= since).length,
    async knownSids(sids) {
      const all = new Set([...rows.values()].map(({ messageSid }) => messageSid));
      return new Set(sids.filter((sid) => all.has(sid)));
    },
    noteRefus: async (demandeur, refus) => void refusals.push({ ...demandeur, ...refus }),
  };

  const annonces: AnnonceStore = {
    async takeFiche(eventId, _fiche, wanted, now) {
      return takeOnce(eventId, wanted, now);
    },
    async takeAppointment(eventId, { id, version }, wanted, now) {
      if (taken.has(eventId)) return false;
      const isOlder = (row: { appointmentId: number | null; appointmentVersion: number | null }): boolean => row.appointmentId === id && (row.appointmentVersion ?? version) < version;
      for (const row of annonceRows.values()) if (!row.issue && isOlder(row)) annonceRows.set(row.id, { ...row, issue: 'remplacee' });
      for (const row of rows.values()) if (row.etat === 'en_attente' && row.uncertainSince === null && isOlder(row)) write({ ...row, etat: 'echec', errorCode: 'remplace' });
      return takeOnce(eventId, wanted, now);
    },
    async claimDue(now, limit, leaseMs) {
      const due = [...annonceRows.values()].filter((row) => !row.issue && row.nextAttemptAt <= now).slice(0, limit);
      return due.map((row) => {
        const claimed = { ...row, attempts: row.attempts + 1, nextAttemptAt: after(now, leaseMs) };
        annonceRows.set(row.id, claimed);
        return claimed;
      });
    },
    async finish(id, issue) {
      const row = annonceRows.get(id);
      if (row && !row.issue) annonceRows.set(id, { ...row, issue });
    },
    async postpone(id, until) {
      const row = annonceRows.get(id);
      if (row && !row.issue) annonceRows.set(id, { ...row, nextAttemptAt: until });
    },
  };

  function takeOnce(eventId: string, wanted: Parameters<AnnonceStore['takeFiche']>[2], now: Date): boolean {
    if (taken.has(eventId)) return false;
    taken.add(eventId);
    for (const annonce of wanted) {
      const id = annonceRows.size + 1;
      annonceRows.set(id, { ...annonce, id, attempts: 0, traceparent: null, issue: null, deliveryId: null, nextAttemptAt: now });
    }
    return true;
  }

  return { deliveries, annonces, oppositions: createMemoryOppositionStore(), ...createMemoryWebhookStore(), rows, annonceRows, announced, refusals };
}
