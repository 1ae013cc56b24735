import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answer, Answerer } from './exchange.ts';
import type { Inbox, Message } from './inbox.ts';

type Form = Readonly<Record<string, string | undefined>>;

const errorBody = (status: number, code = status === 429 ? 20429 : status >= 500 ? 20500 : 20001, message = `SIMULATION : erreur ${status} demandée au bac à sable`) =>
  ({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });
const refuse = (status: number, code: number, message: string): Answer => ({ status, body: errorBody(status, code, message) });

/** Twilio's own number for "this number is invalid" (Test Credentials, magic input). */
const NUMERO_INVALIDE = '+15005550001';
const DESTINATAIRE = /^(?:whatsapp:)?\+[1-9]\d{6,14}$/u;

/** Messages of the 2010-04-01 API: create, fetch, list; base URL `http://…/twilio` in place of `https://api.twilio.com`. */
export function registerTwilio(app: FastifyInstance, answer: Answerer, deps: { inbox: Inbox; authToken: string }): void {
  const base = '/twilio/2010-04-01/Accounts/:accountSid/Messages';
  type Params = { accountSid: string; sid: string };

  app.post<{ Params: Params; Body: Form | null }>(`${base}.json`, (request, reply) => {
    const form = request.body ?? {};
    return answer(reply, {
      provider: 'twilio', operation: 'create', model: null, request: form, errorBody,
      produce({ schemaInvalid, undelivered }) {
        const refus = denied(request, request.params.accountSid, deps.authToken) ?? invalid(form);
        if (refus) return refus;
        const message = deps.inbox.add(toMessage(request.params.accountSid, form), undelivered);
        return { status: 201, responseId: message.sid, body: schemaInvalid ? { inattendu: true } : render(message) };
      },
    });
  });

  app.get<{ Params: Params; Querystring: Form }>(`${base}.json`, (request, reply) => answer(reply, {
    provider: 'twilio', operation: 'list', model: null, request: request.query, errorBody,
    produce: ({ schemaInvalid }) => denied(request, request.params.accountSid, deps.authToken)
      ?? { status: 200, body: schemaInvalid ? { inattendu: true } : page(deps.inbox.list(), request.params.accountSid, request.query) },
  }));

  app.get<{ Params: Params }>(`${base}/:sid.json`, (request, reply) => answer(reply, {
    provider: 'twilio', operation: 'fetch', model: null, request: { sid: request.params.sid }, errorBody,
    produce({ schemaInvalid }) {
      const refus = denied(request, request.params.accountSid, deps.authToken);
      if (refus) return refus;
      const message = deps.inbox.find(request.params.accountSid, request.params.sid);
      if (!message) return refuse(404, 20404, `The requested resource ${request.url.replace(/^\/twilio/u, '')} was not found`);
      return { status: 200, responseId: message.sid, body: schemaInvalid ? { inattendu: true } : render(message) };
    },
  }));
}

/** Basic authentication: the account (or an API key) and the sandbox's token. */
function denied(request: FastifyRequest, accountSid: string, authToken: string): Answer | undefined {
  const [, code = ''] = /^Basic (.+)$/u.exec(request.headers.authorization ?? '') ?? [];
  const [user = '', ...reste] = Buffer.from(code, 'base64').toString('utf8').split(':');
  const recu = Buffer.from(reste.join(':'));
  const attendu = Buffer.from(authToken);
  const juste = recu.length === attendu.length && timingSafeEqual(recu, attendu) && (user === accountSid || user.startsWith('SK'));
  return juste ? undefined : refuse(401, 20003, 'Authenticate');
}

function invalid(form: Form): Answer | undefined {
  if (!form['To']) return refuse(400, 21604, "A 'To' phone number is required.");
  if (!DESTINATAIRE.test(form['To']) || form['To'].endsWith(NUMERO_INVALIDE)) return refuse(400, 21211, `Invalid 'To' Phone Number: ${form['To']}`);
  if (!form['From'] && !form['MessagingServiceSid']) return refuse(400, 21603, "A 'From' phone number is required.");
  if (!form['Body'] && !form['ContentSid'] && !form['MediaUrl']) return refuse(400, 21619, "A 'Body', 'MediaUrl' or 'ContentSid' is required to send a message.");
  if (form['ContentVariables'] && !estObjetJson(form['ContentVariables'])) return refuse(400, 21656, 'The ContentVariables parameter is invalid.');
  if (form['StatusCallback'] && !URL.canParse(form['StatusCallback'])) return refuse(400, 21609, `The StatusCallback URL ${form['StatusCallback']} is not a valid URL.`);
  return undefined;
}

function estObjetJson(texte: string): boolean {
  try {
    const lu: unknown = JSON.parse(texte);
    return typeof lu === 'object' && lu !== null && !Array.isArray(lu);
  } catch {
    return false;
  }
}

const toMessage = (accountSid: string, form: Form) => ({
  accountSid, to: form['To'] ?? '', from: form['From'] ?? null, messagingServiceSid: form['MessagingServiceSid'] ?? null, body: form['Body'] ?? '',
  contentSid: form['ContentSid'] ?? null, contentVariables: form['ContentVariables'] ?? null, statusCallback: form['StatusCallback'] ?? null,
});

const rfc2822 = (iso: string | null): string | null => iso && new Date(iso).toUTCString().replace('GMT', '+0000');

function render(message: Message): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}`;
  return {
    account_sid: message.accountSid, api_version: '2010-04-01', body: message.body, date_created: rfc2822(message.time), date_sent: rfc2822(message.dateSent), date_updated: rfc2822(message.dateUpdated),
    direction: 'outbound-api', error_code: message.errorCode, error_message: message.errorCode === null ? null : `SIMULATION : message non remis (${message.errorCode})`,
    from: message.from, messaging_service_sid: message.messagingServiceSid, num_media: '0', num_segments: '1', price: null, price_unit: null, sid: message.sid, status: message.status,
    subresource_uris: { media: `${uri}/Media.json` }, to: message.to, uri: `${uri}.json`,
  };
}

const seconds = (iso: string): number => Math.floor(Date.parse(iso) / 1000);

/**
 * One page, newest first. `DateSent>` and `DateSent<` include their bound, `DateSent` means that UTC day, all to the
 * second (Twilio, Messages resource, "Read multiple Message resources"). A message that is not sent yet counts by its
 * creation, so that a dropped answer can be reconciled at once.
 */
function page(messages: readonly Message[], accountSid: string, query: Form): Record<string, unknown> {
  const { To: to, From: from, DateSent: jour, 'DateSent<': avant, 'DateSent>': apres } = query;
  const trouves = messages.filter((m) => {
    const quand = m.dateSent ?? m.time;
    return m.accountSid === accountSid && (!to || m.to === to) && (!from || m.from === from) && (!jour || quand.slice(0, 10) === jour.slice(0, 10))
      && (!avant || seconds(quand) <= seconds(avant)) && (!apres || seconds(quand) >= seconds(apres));
  });
  const taille = Math.min(1000, Math.max(1, Number(query['PageSize']) || 50));
  // The token names the last message of the previous page: messages that arrive meanwhile shift nothing.
  const debut = query['PageToken'] ? trouves.findIndex((m) => `PA${m.sid}` === query['PageToken']) + 1 : 0;
  const lot = trouves.slice(debut, debut + taille);
  const numero = Number(query['Page']) || 0;
  const uri = (page: number, token?: string): string => {
    const params = new URLSearchParams();
    for (const [cle, valeur] of Object.entries(query)) if (valeur !== undefined && !cle.startsWith('Page')) params.set(cle, valeur);
    params.set('PageSize', String(taille));
    params.set('Page', String(page));
    if (token) params.set('PageToken', token);
    return `/2010-04-01/Accounts/${accountSid}/Messages.json?${params.toString()}`;
  };
  const reste = debut + lot.length < trouves.length;
  return {
    messages: lot.map(render), page: numero, page_size: taille, start: numero * taille, end: numero * taille + Math.max(0, lot.length - 1), uri: uri(numero), first_page_uri: uri(0),
    previous_page_uri: null, next_page_uri: reste ? uri(numero + 1, `PA${lot.at(-1)?.sid}`) : null,
  };
}
