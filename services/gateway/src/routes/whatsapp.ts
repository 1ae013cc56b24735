import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions } from '../wire/call-options.ts';
import { aliasOf, problems, protectedRoute } from '../wire/route-schema.ts';

const ONBOARDING = '/api/v1/fiche-consultation/whatsapp-onboarding/';
const ALIAS = '/api/v1/whatsapp/onboarding-sms/';

const text = { type: 'string' };
const sent = { type: 'object', properties: { detail: text, message_sid: { type: ['string', 'null'] }, status: { ...text, examples: ['envoye'] } } };

/** The way into WhatsApp: invitations by SMS, the QR code, whether messages arrive. */
export function addWhatsappRoutes(app: FastifyInstance, { whatsapp }: Deps): void {
  const route = protectedRoute('Notifications');

  const body = { type: 'object', properties: { phone_number: { type: 'string', minLength: 1, maxLength: 40 } }, required: ['phone_number'], examples: [{ phone_number: '+243 81 234 5678' }] };
  const inviting = route("Envoyer par SMS comment rejoindre WhatsApp", 'compte', { description: 'Une fois en 10 minutes par numéro, quel que soit le demandeur.', body, response: { 200: sent, ...problems(400, 401, 422, 503) } });
  for (const url of [ONBOARDING, ALIAS]) {
    app.post<{ Body: { phone_number: string } }>(url, url === ONBOARDING ? inviting : aliasOf(inviting, ONBOARDING), async (request) => {
      const { messageSid, etat, detail } = await whatsapp.sendOnboarding({ phoneNumber: request.body.phone_number }, callOptions(request));
      return { detail, message_sid: messageSid ?? null, status: etat };
    });
  }

  const qr = { type: 'object', properties: { whatsapp_url: text, phone_number: text, message: text, instructions: text, qr_data: { ...text, description: 'Ce que le code QR contient.' } } };
  app.get('/api/v1/fiche-consultation/whatsapp-qr/', route('Lire ce que contient le code QR de WhatsApp', 'compte', { response: { 200: qr, ...problems(401, 503) } }), async (request) => {
    const { whatsappUrl, phoneNumber, message, instructions, qrData } = await whatsapp.getWhatsappQr({}, callOptions(request));
    return { whatsapp_url: whatsappUrl, phone_number: phoneNumber, message, instructions, qr_data: qrData };
  });

  const asked = { type: 'object', properties: { phone: { type: 'string', minLength: 1, maxLength: 40 } }, required: ['phone'] };
  const told = { type: 'object', properties: { is_in_sandbox: { type: 'boolean' } } };
  app.get<{ Querystring: { phone: string } }>('/api/v1/whatsapp/sandbox-status/', route('Savoir si les messages WhatsApp arrivent à un numéro', 'compte', { description: "Le sien ; pour un médecin ou un administrateur, ceux de l'établissement. Faux pour tout autre.", querystring: asked, response: { 200: told, ...problems(400, 401, 503) } }), async (request) => {
    const { isInSandbox } = await whatsapp.getSandboxStatus({ phone: request.query.phone }, callOptions(request));
    return { is_in_sandbox: isInSandbox };
  });
}
