import { auteurDe, type Acteur } from '@mediai/kit/acteur';
import { AppError, invalid, type FieldErrors } from '@mediai/kit/errors';
import { exiger, mayDirectly } from '../acces/acces.ts';
import type { Cree, CreateOptions, WebhookStore } from './webhook-store.ts';
import { eventTypes, isIncoming, phoneOf, type EventType, type NewWebhook } from './webhook.ts';

export type CreateWebhookCommand = { eventType: string; externalId: string; senderPhone: string; recipientPhone: string; content: string; rawPayload: string };

export type CreateWebhookDeps = {
  webhooks: Pick<WebhookStore, 'create'>;
  /** Called once an event waits. */
  taken: () => void;
  clock: () => Date;
};

export type CreateWebhook = ReturnType<typeof createCreateWebhook>;

const maxContent = 4_096;
const maxPayload = 65_536;

/**
 * An event written by an admin, for a try or to have one taken again: it is processed as the provider's are, but reaches
 * only fiches and messages of the admin's établissement. One of the same message that is there is answered, and taken
 * again if it had failed or was ignored.
 * @throws AppError forbidden, invalid (fields), exists (another's), conflict or unprocessable (key), unavailable
 */
export function createCreateWebhook({ webhooks, taken, clock }: CreateWebhookDeps) {
  return async (acteur: Acteur, command: CreateWebhookCommand, idempotence?: CreateOptions['idempotence']): Promise<Cree | { rejouee: Uint8Array }> => {
    exiger(acteur, 'creer_webhook');
    const cree = await webhooks.create(validate(command), {
      now: clock(), demandeur: auteurDe(acteur), acteurId: acteur.id, etablissementId: acteur.etablissementId, idempotence,
      exiger: (present) => {
        if (mayDirectly(acteur, 'lire_webhook', present) !== 'oui') throw new AppError('exists', 'webhook.existe', 'Un événement porte déjà cet identifiant.');
      },
    });
    taken();
    return cree;
  };
}

function validate({ eventType, externalId, senderPhone, recipientPhone, content, rawPayload }: CreateWebhookCommand): NewWebhook {
  const fields: FieldErrors = {};
  if (!(eventTypes as readonly string[]).includes(eventType)) fields['event_type'] = [`Valeur attendue : ${eventTypes.join(', ')}.`];
  if (!/^[\x21-\x7e]{1,255}$/.test(externalId)) fields['external_id'] = ["L'identifiant compte de 1 à 255 caractères visibles."];
  for (const [field, phone] of Object.entries({ sender_phone: senderPhone, recipient_phone: recipientPhone })) if (!isText(phone, 1, 30)) fields[field] = ['Ce champ compte de 1 à 30 caractères.'];
  if (!isText(content, 1, maxContent)) fields['content'] = [`Ce champ compte de 1 à ${maxContent} caractères.`];
  else if (!isIncoming({ eventType: eventType as EventType }) && !/^[a-z]{1,30}$/.test(content)) fields['content'] = ["L'état du message est attendu, par exemple delivered."];
  const payload = readPayload(rawPayload);
  if (!payload) fields['raw_payload'] = ['Un objet JSON de 64 ko au plus est attendu.'];
  if (Object.keys(fields).length > 0) throw invalid(fields);
  return { eventType: eventType as EventType, externalId, senderPhone: phoneOf(senderPhone), recipientPhone: phoneOf(recipientPhone), content, rawPayload: payload ?? {} };
}

const isText = (text: string, min: number, max: number): boolean => text.trim().length >= min && text.length <= max && isKeepable(text);

/** PostgreSQL keeps no NUL. */
const isKeepable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

function readPayload(text: string): Record<string, unknown> | undefined {
  if (text === '') return {};
  if (text.length > maxPayload || /\\u(?:0000|d[89a-f])/i.test(text) || !isKeepable(text)) return undefined;
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // refused by name
  }
}
