import type { AuditEntry } from '@mediai/events';

export const canaux = ['whatsapp', 'sms'] as const;
export type Canal = (typeof canaux)[number];

export const modeles = ['fiche_prete', 'appointment_confirme', 'appointment_refuse', 'appointment_annule', 'appointment_annule_medecin', 'onboarding'] as const;
export type Modele = (typeof modeles)[number];

export type Etat = 'en_attente' | 'en_cours' | 'envoye' | 'livre' | 'echec' | 'inconnu';

/** What is to be said to whom; the text is made from it when it is sent. */
export type NewDelivery = {
  /** Two deliveries of one key (and établissement) within an hour are one. */
  cle: string;
  canal: Canal;
  modele: Modele;
  /** E.164. */
  telephone: string;
  userId: number | null;
  prenom: string;
  numeroDossier: string | null;
  ficheId: number | null;
  appointmentId: number | null;
  appointmentVersion: number | null;
  /** The start that the text names. */
  debut: Date | null;
  /** IANA zone in which the text says it. */
  fuseau: string;
  etablissementId: number;
};

export type Delivery = NewDelivery & {
  id: number;
  etat: Etat;
  attempts: number;
  nextAttemptAt: Date;
  leaseUntil: Date | null;
  /** Since when the provider may hold the message without our knowing. */
  uncertainSince: Date | null;
  /** From when on the provider's empty list means that it does not hold the message. */
  resendAfter: Date | null;
  messageSid: string | null;
  errorCode: string | null;
  sentAt: Date | null;
  traceparent: string | null;
  createdAt: Date;
};

/** A delivery taken by a worker until `leaseUntil`; `attempts` fences off whoever held it before. */
export type ClaimedDelivery = Delivery & { leaseUntil: Date; /** An earlier attempt may have been accepted: look before sending. */ mustReconcile: boolean };

/** What became of one attempt. */
export type Outcome =
  /** The provider holds the message. */
  | { kind: 'accepted'; sid: string; adopted?: boolean }
  /** It never will. */
  | { kind: 'refused'; code: string }
  /** It certainly does not hold it yet: another time. */
  | { kind: 'postponed'; code: string; retryAfterMs?: number }
  /** It said that it failed (5xx): look, then send again. */
  | { kind: 'failed'; code: string; retryAfterMs?: number }
  /** It may or may not hold it. */
  | { kind: 'unknown'; code: string };

/** The columns that an outcome changes. */
export type Settlement = Pick<Delivery, 'etat' | 'errorCode' | 'uncertainSince'> & { messageSid?: string; nextAttemptAt?: Date; resendAfter?: Date | null; sentAt?: Date };

/** Who asked, for the audit. */
export type Demandeur = Pick<AuditEntry, 'acteurId' | 'acteurRole'>;

/** How long two messages of one key are one, from the sending: an hour; of joining instructions 10 minutes. */
export const windowMs = ({ modele }: Pick<Delivery, 'modele'>): number => (modele === 'onboarding' ? 600_000 : 3_600_000);
const giveUpAfterMs = 24 * 3_600_000;
const firstRetryMs = 1_000;
const maxRetryMs = 300_000;

/** Is the message on its way, its end not yet known? */
export function isPending({ etat }: Pick<Delivery, 'etat'>): boolean {
  return etat === 'en_attente' || etat === 'en_cours' || etat === 'inconnu';
}

/** Does this delivery stand for its key, so that another send with the same key is this one? For its window from its sending, and while it is on its way. */
export function holdsKey(delivery: Pick<Delivery, 'etat' | 'modele' | 'createdAt' | 'sentAt'>, now: Date): boolean {
  return isPending(delivery) || now.getTime() - (delivery.sentAt ?? delivery.createdAt).getTime() < windowMs(delivery);
}

/** How far a message has come: what is told late undoes nothing. That it arrived is the last word, also after a failure was told. */
const rang: Partial<Record<Etat, number>> = { envoye: 1, echec: 2, livre: 3 };

/** Whether a state that the provider tells is news of a message that it holds. */
export function isNews(present: Etat, told: Etat): boolean {
  return (rang[told] ?? 0) > (rang[present] ?? 0);
}

/** Wait before the next attempt: from 1 s, doubled up to 5 min, with jitter between half and the whole; what the provider asks for when that is longer. */
export function retryDelayMs(attempts: number, retryAfterMs = 0, random: () => number = Math.random): number {
  const delayMs = Math.min(maxRetryMs, firstRetryMs * 2 ** Math.min(Math.max(attempts, 1) - 1, 20));
  return Math.max(delayMs * (0.5 + random() / 2), Math.min(retryAfterMs, maxRetryMs));
}

/**
 * The state after an attempt. `accepted` and `refused` end it; all else is tried again until 24 h have passed. What may
 * have been accepted stays uncertain until the provider's list has been read.
 */
export function settle(delivery: ClaimedDelivery, outcome: Outcome, now: Date, random: () => number = Math.random): Settlement {
  if (outcome.kind === 'accepted') return { etat: 'envoye', messageSid: outcome.sid, sentAt: now, errorCode: null, uncertainSince: null, resendAfter: null };
  if (outcome.kind === 'refused') return { etat: 'echec', errorCode: outcome.code, uncertainSince: null, resendAfter: null };
  const isUncertain = outcome.kind !== 'postponed';
  const uncertainSince = isUncertain ? delivery.uncertainSince : null;
  if (now.getTime() - delivery.createdAt.getTime() >= giveUpAfterMs) return { etat: 'echec', errorCode: 'delai_depasse', uncertainSince, resendAfter: null };
  const delayMs = retryDelayMs(delivery.attempts, outcome.kind === 'unknown' ? 0 : outcome.retryAfterMs, random);
  return {
    etat: outcome.kind === 'unknown' ? 'inconnu' : 'en_attente',
    errorCode: outcome.code,
    uncertainSince,
    nextAttemptAt: new Date(now.getTime() + delayMs),
    // A provider that says it failed is believed as soon as its list agrees; of one that said nothing, time must pass.
    ...(outcome.kind === 'failed' ? { resendAfter: now } : {}),
  };
}

/** After a look that found nothing: may it be sent again, or could the message still turn up? */
export function mayResend(delivery: Pick<Delivery, 'resendAfter'>, now: Date): boolean {
  return delivery.resendAfter === null || now.getTime() >= delivery.resendAfter.getTime();
}
