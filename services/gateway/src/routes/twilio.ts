import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { acceptUrlencoded, type FormField } from '../plugins/form-body.ts';
import { bareCallOptions } from '../wire/call-options.ts';
import { problems } from '../wire/route-schema.ts';

const BASE = '/api/v1/webhooks/twilio/';
/** Twilio's largest form is some kilobytes. */
const FORM_LIMIT_BYTES = 65_536;
const EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

const text = { type: 'string' };
const form = {
  type: 'object',
  properties: { MessageSid: text, From: text, To: text, Body: text, NumMedia: text, MessageStatus: text, SmsStatus: text, ErrorCode: text },
  examples: [{ MessageSid: 'SM5ef8732a3c49700934481addd5ce1659', From: 'whatsapp:+243810000001', To: 'whatsapp:+14155238886', Body: 'La fièvre est revenue cette nuit.', NumMedia: '0' }],
};

/** What Twilio calls: `/api/v1/webhooks/twilio/…`. Forms; who sends them is judged by their signature, in notifications. */
export async function addTwilioRoutes(app: FastifyInstance, { webhooks }: Deps): Promise<void> {
  await app.register(async (scope) => {
    acceptUrlencoded(scope);
    for (const canal of ['whatsapp', 'sms'] as const) {
      const said = canal === 'whatsapp' ? 'WhatsApp' : 'SMS';
      const schema = {
        tags: ['Notifications'], summary: `Recevoir de Twilio : messages et statuts ${said}`, description: "Public ; `X-Twilio-Signature` fait foi, sur l'adresse publique configurée. Le même message, ou le même statut, compte une fois.",
        consumes: ['application/x-www-form-urlencoded'], headers: { type: 'object', properties: { 'x-twilio-signature': text } }, body: form,
        response: { 200: { description: 'TwiML vide', content: { 'text/xml': { schema: text } } }, ...problems(400, 403, 503) },
      };
      // The form is documented, not judged: what is signed is taken as it is.
      const readAsSent = { validatorCompiler: () => (data: unknown) => ({ value: data }) };
      scope.post<{ Body: FormField[] | null | undefined }>(`${BASE}${canal}/`, { schema, ...readAsSent, bodyLimit: FORM_LIMIT_BYTES }, async (request, reply) => {
        const signature = request.headers['x-twilio-signature'];
        await webhooks.takeTwilioCallback({ canal, parametres: [...(request.body ?? [])], signature: typeof signature === 'string' ? signature : '' }, bareCallOptions(request));
        return reply.type('text/xml; charset=utf-8').send(EMPTY_TWIML);
      });
    }
  });
}
