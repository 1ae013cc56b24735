import { randomPhone, unique } from '../accounts.ts';
import { row } from './row.ts';

const FICHES = '/api/v1/fiche-consultation/';
const WEBHOOKS = '/api/v1/webhooks/';
const page = { page: 1, pageSize: 100 };
const ecrit = () => ({ event_type: 'sms_incoming', external_id: `SM${unique()}`, sender_phone: randomPhone(), recipient_phone: '+14155238886', content: 'La fièvre est revenue.' });
const ecritRpc = () => ({ eventType: 'sms_incoming', externalId: `SM${unique()}`, senderPhone: randomPhone(), recipientPhone: '+14155238886', content: 'La fièvre est revenue.' });

/** What comes from Twilio, and the way into WhatsApp. */
export const NOTIFICATIONS = [
  //                                                                                anonyme autre propr atten ailleurs collègue libre assigné adminA admin super
  row(`POST ${WEBHOOKS}twilio/whatsapp/`, 'WebhookService.TakeTwilioCallback', '     403    403   403   403   403      403      403   403     403    403   403', { message: () => ({ canal: 'whatsapp' }) }),
  row(`POST ${WEBHOOKS}twilio/sms/`, 'WebhookService.TakeTwilioCallback', '          403    403   403   403   403      403      403   403     403    403   403', { message: () => ({ canal: 'sms', signature: 'x' }) }),
  row(`GET ${WEBHOOKS}`, 'WebhookService.ListWebhookEvents', '                       401    403   403   403e  200      200      200   200     200    200   200', { query: '?page_size=100', message: () => page, liste: { objet: 'evenement', champ: 'events', vu: '- - - - - - x x - x -' } }),
  row(`GET ${WEBHOOKS}{id}/`, 'WebhookService.GetWebhookEvent', '                    401    403   403   403e  404      403m     200   200     404    200   404', { objet: 'evenement' }),
  row(`POST ${WEBHOOKS}`, 'WebhookService.CreateWebhookEvent', '                     401    403   403   403   403      403      403   403     201    201   201', { corps: ecrit, message: ecritRpc }),

  row(`POST ${FICHES}{id}/send-notification/`, 'FicheService.SendNotification', '    401    403   403   403e  404      403m     200   200     404    200   404', { objet: 'fiche', corps: () => ({ method: 'sms' }), message: ({ objet }) => ({ id: objet.id, canal: 'sms' }) }),
  row(`POST ${FICHES}whatsapp-onboarding/`, 'WhatsappService.SendOnboarding', '      401    200   200   200   200      200      200   200     200    200   200', { corps: () => ({ phone_number: randomPhone() }), message: () => ({ phoneNumber: randomPhone() }) }),
  row('POST /api/v1/whatsapp/onboarding-sms/', 'WhatsappService.SendOnboarding', '   401    200   200   200   200      200      200   200     200    200   200', { corps: () => ({ phone_number: randomPhone() }), message: () => ({ phoneNumber: randomPhone() }) }),
  row(`GET ${FICHES}whatsapp-qr/`, 'WhatsappService.GetWhatsappQr', '                401    200   200   200   200      200      200   200     200    200   200', { message: () => ({}) }),
  row('GET /api/v1/whatsapp/sandbox-status/', 'WhatsappService.GetSandboxStatus', '  401    200   200   200   200      200      200   200     200    200   200', { query: '?phone=%2B243810000001', message: () => ({ phone: '+243810000001' }) }),

  row(null, 'MessageEntrantService.TakeInboundMessage', '                            401    403   403   403   403      403      403   403     403    403   403', { message: () => ({}) }),
];
