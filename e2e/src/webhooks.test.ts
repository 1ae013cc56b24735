import { describe, expect, it } from '@jest/globals';
import { randomPhone } from './accounts.ts';
import { call, loginAdmin, loginMedecin, registerPatient, until } from './client.ts';
import { analysedFiche, createFiche } from './fiche.ts';
import { inbound, messagesHolding, type Inbound } from './sandbox.ts';
import { serviceReady, startService, stopService } from './suite.ts';

interface Event {
  readonly id: number;
  readonly event_type: string;
  readonly external_id: string;
  readonly processing_status: string;
  readonly processing_error: string | null;
  readonly related_fiche: number | null;
  readonly created_message: number | null;
}
type Message = { id: number; author: number; content: string };

const from = (phone: string, body: string, more: Record<string, string> = {}): Record<string, string> => ({ From: `whatsapp:${phone}`, To: 'whatsapp:+14155238886', Body: body, NumMedia: '0', ...more });
/** The messages of a fiche that say this, as soon as consultation answers: after a restart it is away for a moment more. */
const messagesOf = (token: string, fiche: number, text: string): Promise<Message[]> =>
  until(`messages of fiche ${fiche}`, async () => {
    const { status, body } = await call<Message[]>('GET', `/api/v1/fiche-consultation/${fiche}/messages/`, { token });
    if (status !== 200) throw new Error(`GET of its messages answered ${status}: ${JSON.stringify(body)}`);
    return body.filter(({ content }) => content === text);
  }, () => true);
const eventsOf = async (token: string, externalId: string, status = ''): Promise<Event[]> =>
  (await call<{ results: Event[] }>('GET', `/api/v1/webhooks/?page_size=100&status=${status}`, { token })).body.results.filter((event) => event.external_id === externalId);
const ended = (token: string, externalId: string, status: string): Promise<Event[]> => until(`event ${externalId} ${status}`, () => eventsOf(token, externalId, status), (events) => events.length > 0);

describe('a message that a patient writes', () => {
  it('comes to their latest fiche once, however often Twilio tells it', async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    await createFiche(patient.token, { telephone: patient.phone });
    const latest = await createFiche(patient.token, { telephone: patient.phone });
    const text = `Douleur à la poitrine depuis ${patient.username}`;
    const first = await inbound({ form: from(patient.phone, text) });
    expect([first.status, first.type, first.body]).toEqual([200, expect.stringMatching(/^text\/xml/), expect.stringContaining('<Response/>')]);
    const again = from(patient.phone, text, { MessageSid: first.messageSid });
    expect((await Promise.all([inbound({ form: again }), inbound({ form: again })])).map(({ status }) => status)).toEqual([200, 200]);
    await ended(medecin, first.messageSid, 'processed');
    await inbound({ form: again });
    const [event, ...others] = await eventsOf(medecin, first.messageSid);
    expect([event, others]).toEqual([expect.objectContaining({ event_type: 'whatsapp_incoming', related_fiche: latest.id, created_message: expect.any(Number) }), []]);
    expect(await messagesOf(medecin, latest.id, text)).toMatchObject([{ id: event?.created_message, author: patient.id }]);
  });

  it.each<[string, Omit<Inbound, 'form'>]>([
    ['signed with another key', { signature: 'fausse' }],
    ['not signed', { signature: 'absente' }],
    ['signed for another host', { autreHote: true }],
  ])('%s is refused in French, and kept nowhere', async (_what, more) => {
    const patient = await registerPatient();
    const admin = await loginAdmin();
    const { status, body, messageSid } = await inbound({ form: from(patient.phone, 'Faux'), ...more });
    expect([status, JSON.parse(body)]).toEqual([403, expect.objectContaining({ code: 'webhook.signature_invalide', detail: "La signature de cet appel n'est pas valide." })]);
    expect(await eventsOf(admin, messageSid)).toEqual([]);
  });

  it('from a phone that nobody has is kept, ignored, and seen by admins alone', async () => {
    const [admin, medecin] = [await loginAdmin(), await loginMedecin()];
    const { messageSid } = await inbound({ canal: 'sms', form: { From: randomPhone(), To: '+14155238886', Body: 'Qui est-ce ?' } });
    expect(await ended(admin, messageSid, 'ignored')).toMatchObject([{ event_type: 'sms_incoming', processing_error: 'telephone.inconnu', related_fiche: null }]);
    expect(await eventsOf(medecin, messageSid)).toEqual([]);
  });

  it('while consultation is away is answered at once, and arrives when it is back', async () => {
    const patient = await registerPatient();
    const [admin, medecin] = [await loginAdmin(), await loginMedecin()];
    const fiche = await createFiche(patient.token, { telephone: patient.phone });
    const text = `La fièvre est revenue, ${patient.username}`;
    await stopService('consultation');
    const { messageSid, status } = await inbound({ form: from(patient.phone, text) });
    try {
      expect(status).toBe(200);
      expect(await ended(admin, messageSid, 'failed')).toMatchObject([{ processing_error: expect.stringMatching(/^service\./) }]);
    } finally {
      await startService('consultation');
      await serviceReady('consultation');
    }
    expect(await ended(medecin, messageSid, 'processed')).toMatchObject([{ related_fiche: fiche.id, processing_error: null }]);
    expect(await messagesOf(medecin, fiche.id, text)).toHaveLength(1);
  });
});

describe('what becomes of a message to a patient', () => {
  it('by SMS is told by Twilio, and a late state undoes nothing', async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    const fiche = await createFiche(patient.token, { telephone: patient.phone });
    await analysedFiche(medecin, fiche.id); // another state is another content, which is told again
    const send = () => call<{ message_sid: string; status: string; detail: string }>('POST', `/api/v1/fiche-consultation/${fiche.id}/send-notification/`, { token: medecin, body: { method: 'sms' } });
    const { status, body: sent } = await send();
    expect([status, sent]).toEqual([200, { message_sid: expect.stringMatching(/^SM/), status: 'envoye', detail: 'Message envoyé.' }]);
    const [message] = (await messagesHolding(fiche.numero_dossier)).filter(({ to }) => to === patient.phone);
    expect(message).toMatchObject({ sid: sent.message_sid, body: expect.stringContaining('est prête') });
    const form = (state: string) => ({ MessageSid: sent.message_sid, MessageStatus: state, From: '+14155238886', To: patient.phone });
    for (const state of ['delivered', 'sent', 'delivered', 'queued']) expect((await inbound({ canal: 'sms', form: form(state) })).status).toBe(200);
    await until('all states', () => eventsOf(medecin, sent.message_sid), (events) => events.length === 3 && events.every((event) => event.processing_status === 'processed' && event.related_fiche === fiche.id));
    // An answer of the last minute may be given again.
    expect((await send()).body).toEqual({ message_sid: sent.message_sid, status: expect.stringMatching(/^(?:envoye|livre)$/), detail: 'Ce message a déjà été envoyé.' });
  });
});

describe('the way into WhatsApp', () => {
  it('is sent by SMS to any account, once; a message from there is what makes a phone reachable', async () => {
    const patient = await registerPatient();
    const stranger = await registerPatient();
    const invite = (phone: string) => call<{ message_sid: string }>('POST', '/api/v1/fiche-consultation/whatsapp-onboarding/', { token: patient.token, body: { phone_number: phone } });
    const { body: first } = await invite(patient.phone);
    expect((await invite(patient.phone.replace('+243', '0'))).body.message_sid).toBe(first.message_sid);
    const qr = (await call<{ whatsapp_url: string; message: string }>('GET', '/api/v1/fiche-consultation/whatsapp-qr/', { token: patient.token })).body;
    const [sms] = (await messagesHolding(patient.phone)).filter(({ to }) => to === patient.phone);
    expect(sms?.body).toContain(qr.whatsapp_url);
    const isIn = async (token: string) => (await call<{ is_in_sandbox: boolean }>('GET', `/api/v1/whatsapp/sandbox-status/?phone=${encodeURIComponent(patient.phone)}`, { token })).body.is_in_sandbox;
    expect(await isIn(patient.token)).toBe(false);
    await inbound({ form: from(patient.phone, qr.message) });
    await until('the phone reachable', () => isIn(patient.token), Boolean);
    expect(await isIn(stranger.token)).toBe(false);
  });
});
