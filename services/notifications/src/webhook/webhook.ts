import type { Canal, Etat } from '../delivery/delivery.ts';
import { toE164 } from '../contact/phone.ts';

export const eventTypes = ['whatsapp_incoming', 'sms_incoming', 'whatsapp_status', 'sms_status'] as const;
export type EventType = (typeof eventTypes)[number];

export const processingStatuses = ['pending', 'processed', 'failed', 'ignored'] as const;
export type ProcessingStatus = (typeof processingStatuses)[number];

/** What was told: a message that came in, or a state of one that went out. */
export type NewWebhook = {
  eventType: EventType;
  /** The provider's id of the message. */
  externalId: string;
  /** E.164, else as it was told. */
  senderPhone: string;
  recipientPhone: string;
  /** Text of a message, or the state that was told. */
  content: string;
  /** The form. */
  rawPayload: Record<string, unknown>;
};

export type Webhook = NewWebhook & {
  id: number;
  processingStatus: ProcessingStatus;
  processingError: string | null;
  relatedUserId: number | null;
  relatedFicheId: number | null;
  createdMessageId: number | null;
  etablissementId: number | null;
  /** The admin who wrote it; null for the provider's. */
  createdBy: number | null;
  attempts: number;
  traceparent: string | null;
  receivedAt: Date;
  processedAt: Date | null;
};

/** To whom an event turned out to belong. */
export type Rattachement = Partial<Pick<Webhook, 'relatedUserId' | 'relatedFicheId' | 'createdMessageId' | 'etablissementId'>>;

/** How the processing of an event ended. */
export type Fin = Rattachement & { status: Exclude<ProcessingStatus, 'pending'>; error: string | null };

/** A form as it was sent: names may come several times. */
export type Parametre = { nom: string; valeur: string };

const maxPhoneLength = 30;

export const isIncoming = ({ eventType }: Pick<Webhook, 'eventType'>): boolean => eventType.endsWith('_incoming');
export const canalOf = ({ eventType }: Pick<Webhook, 'eventType'>): Canal => (eventType.startsWith('whatsapp') ? 'whatsapp' : 'sms');

/** Under which an event counts once: a message by its id, a state by the message's id and the state. */
export function cleOf({ eventType, externalId, content }: Pick<NewWebhook, 'eventType' | 'externalId' | 'content'>): string {
  return isIncoming({ eventType }) ? `message:${externalId}` : `statut:${externalId}:${content}`;
}

/**
 * A form of Twilio as an event; undefined without a message's id. A form with `MessageStatus` (or `SmsStatus`) tells of
 * a message that went out, unless that says `received`, as the form of a message that came in does (Twilio, "Webhook
 * request parameters" of messaging).
 */
export function readTwilio(route: Canal, parametres: readonly Parametre[]): NewWebhook | undefined {
  const form = new Map(parametres.map(({ nom, valeur }) => [nom, keepable(valeur)]));
  const externalId = form.get('MessageSid') || form.get('SmsSid') || '';
  if (!/^[0-9A-Za-z]{1,64}$/.test(externalId)) return undefined;
  const [from, to] = [form.get('From') ?? '', form.get('To') ?? ''];
  const canal: Canal = route === 'whatsapp' || [from, to].some(isWhatsapp) ? 'whatsapp' : 'sms';
  const told = (form.get('MessageStatus') || form.get('SmsStatus') || 'received').toLowerCase().slice(0, 30);
  const isMessage = told === 'received' || told === 'receiving';
  return {
    eventType: `${canal}_${isMessage ? 'incoming' : 'status'}`,
    externalId,
    senderPhone: phoneOf(from),
    recipientPhone: phoneOf(to),
    content: isMessage ? textOf(form) : told,
    rawPayload: Object.fromEntries([...form].map(([nom, valeur]) => [keepable(nom), valeur])),
  };
}

const isWhatsapp = (address: string): boolean => address.startsWith('whatsapp:');

/** PostgreSQL keeps no NUL and protobuf no half surrogate: a patient's message is not lost for such a character, which is replaced. */
const keepable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();

/** An address of the provider as a phone in E.164, else as it stands. */
export function phoneOf(address: string): string {
  const phone = address.replace(/^whatsapp:/, '').trim();
  return toE164(phone) ?? phone.slice(0, maxPhoneLength);
}

/** What the patient wrote; files are not taken over, and that there were some is said. */
function textOf(form: ReadonlyMap<string, string>): string {
  const files = Number(form.get('NumMedia') ?? 0);
  const note = files > 0 ? `[${files === 1 ? '1 fichier joint, qui n\'est pas repris' : `${files} fichiers joints, qui ne sont pas repris`} ici]` : '';
  return [(form.get('Body') ?? '').trim(), note].filter(Boolean).join('\n');
}

/** Twilio's states of a message ("Message Status Values") -> ours; undefined for one that says nothing about its delivery. */
const etats: Record<string, Etat> = {
  accepted: 'envoye', scheduled: 'envoye', queued: 'envoye', sending: 'envoye', sent: 'envoye', delivered: 'livre', read: 'livre', failed: 'echec', undelivered: 'echec', canceled: 'echec',
};
export const etatTold = (told: string): Etat | undefined => (Object.hasOwn(etats, told) ? etats[told] : undefined);

/** `twilio.<code>` of a state that tells why a message failed. */
export function errorTold({ rawPayload }: Pick<Webhook, 'rawPayload'>): string {
  const code = String(rawPayload['ErrorCode'] ?? '');
  return /^\d{1,6}$/.test(code) ? `twilio.${code}` : 'twilio.non_remis';
}

/** Words with which a person asks to be told nothing more, or to be told again: Twilio's English ones and French ones; nothing but the word. */
const stopWords = new Set(['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'arret', 'arreter', 'desabonner', 'desinscrire']);
const startWords = new Set(['start', 'unstop', 'reprise', 'reprendre', 'reabonner']);

/** What a text of one word asks for. */
export function volonteOf(content: string): 'arret' | 'reprise' | undefined {
  const word = content.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[\s.!]+/g, '');
  return stopWords.has(word) ? 'arret' : startWords.has(word) ? 'reprise' : undefined;
}

const hourMs = 3_600_000;
/** States may come before the answer that tells the message's id: after this time it is none of ours. */
export const unknownAfterMs = hourMs;
/** After this time what still fails is left to people. */
export const giveUpAfterMs = 7 * 24 * hourMs;
