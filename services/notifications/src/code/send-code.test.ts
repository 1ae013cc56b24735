import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import type { AppError } from '@mediai/kit/errors';
import { createLogger } from '@mediai/kit/log';
import { startTelemetry, type Telemetry } from '@mediai/kit/telemetry';
import { createTwilioMessenger } from '../delivery/twilio-client.ts';
import { createNotificationsMetrics } from '../metrics.ts';
import { startTwilio, twilioAccount, twilioFrom, twilioToken } from '../sandbox.memory.ts';
import type { EnvoiCode } from './code-store.ts';
import { createSendCode, type SendCodeCommand, type SendCodeDeps } from './send-code.ts';
import { createSmtpMailer } from './smtp-client.ts';
import { readText, startSmtp } from './smtp.memory.ts';

/** Codes through Twilio's SDK to the sandbox, and by nodemailer to a real SMTP server. */
let twilio: Awaited<ReturnType<typeof startTwilio>>;
let smtp: Awaited<ReturnType<typeof startSmtp>>;
let telemetry: Telemetry;
let metrics: ReturnType<typeof createNotificationsMetrics>;
let recorded: EnvoiCode[];
const lines: string[] = [];
const spans: unknown[] = [];
const log = createLogger({ service: 'notifications', level: 'debug', stream: { write: (line) => void lines.push(line) } });
const smsFrom = '+15550001111';
const from = 'MediAI <ne-pas-repondre@mediai.example>';

beforeAll(async () => {
  twilio = await startTwilio();
  smtp = await startSmtp();
  telemetry = await startTelemetry({ service: 'notifications', exporter: { export: (batch, done) => { spans.push(...batch.map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))); done({ code: 0 }); }, shutdown: async () => undefined } });
});
beforeEach(() => {
  recorded = [];
  metrics = createNotificationsMetrics();
});
afterEach(async () => {
  await twilio.reset();
  smtp.mails.length = 0;
});
afterAll(async () => {
  await twilio.close();
  await smtp.close();
  await telemetry.shutdown();
});

const auth: Acteur = { id: 0, role: 'service', service: 'auth', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 0, token: '' };
const command: SendCodeCommand = { telephone: '+243810000001', email: 'ombeline.canari@exemple.cd', prenom: 'Ombeline', code: '482913', minutes: 10, userId: 4, etablissementId: 1 };
const text = "Bonjour Ombeline, votre code MediAI est 482913. Il est valable 10 minutes et ne sert qu'une fois. Ne le donnez à personne. Si vous n'avez rien demandé, ignorez ce message.";

type Changes = Partial<SendCodeDeps> & { timeoutMs?: number; contentSid?: string };
function sender({ timeoutMs = 1_000, contentSid, ...changes }: Changes = {}) {
  const messenger = createTwilioMessenger({
    accountSid: twilioAccount, authToken: twilioToken, baseUrl: twilio.baseUrl, timeoutMs, from: { whatsapp: twilioFrom, sms: smsFrom }, contentSids: { code: contentSid }, publicUrl: 'https://mediai.example', invitation: 'Bonjour.',
    setBreaker: (state) => metrics.setBreaker('twilio', state),
  });
  return createSendCode({
    codes: { record: async (envoi) => recorded.push(envoi) }, messenger, canSendSms: true, sendMail: createSmtpMailer({ url: smtp.url, from, requireTls: false }), log, counted: metrics.countAttempt, clock: () => new Date(), ...changes,
  });
}
const send = (changes: Partial<SendCodeCommand> = {}, deps: Changes = {}, waitMs?: number) => sender(deps)(auth, { ...command, ...changes }, waitMs);

describe('a code', () => {
  test('goes over WhatsApp, and no other way', async () => {
    expect(await send()).toEqual({ canal: 'whatsapp', deliveryId: 1 });
    const [message, ...others] = await twilio.messages();
    expect(message).toMatchObject({ to: 'whatsapp:+243810000001', from: twilioFrom, body: text });
    expect(others).toEqual([]);
    expect(smtp.mails).toEqual([]);
    expect(recorded).toEqual([{ demandeur: { acteurId: null, acteurRole: 'service:auth' }, canal: 'whatsapp', telephone: '+243810000001', userId: 4, etablissementId: 1, attempts: 1, messageSid: message?.sid, errorCode: null }]);
  });

  test('goes as a template where one is configured', async () => {
    const contentSid = `HX${'b'.repeat(32)}`;
    await send({}, { contentSid });
    expect((await twilio.messages())[0]).toMatchObject({ contentSid, body: '', contentVariables: JSON.stringify({ 1: '482913', 2: '10' }) });
  });

  test('is tried again over WhatsApp after an outage of a moment', async () => {
    await twilio.setFault({ kind: 'status', status: 503, count: 1 });
    expect(await send()).toMatchObject({ canal: 'whatsapp' });
    expect(recorded[0]).toMatchObject({ attempts: 2 });
  });

  test('goes by SMS when WhatsApp failed twice', async () => {
    await twilio.setFault({ kind: 'status', status: 503, count: 2 });
    expect(await send()).toMatchObject({ canal: 'sms' });
    expect(await twilio.messages()).toMatchObject([{ to: '+243810000001', from: smsFrom, body: text }]);
    expect(recorded).toMatchObject([{ canal: 'sms', attempts: 1 }]);
    expect(await metrics.registry.metrics()).toMatch(/sms_notifications_sent\{status="envoye",service="notifications"\} 1/);
  });

  test('is not tried again where it was refused, or told to wait', async () => {
    await twilio.setFault({ kind: 'status', status: 429, code: 63_018, retryAfter: 30, count: 1 });
    expect(await send()).toMatchObject({ canal: 'sms' });
    expect(await twilio.calls()).toEqual(['create', 'create']);
  });

  test('goes by e-mail when Twilio is down, with nothing but the code', async () => {
    await twilio.setFault({ kind: 'status', status: 503 });
    expect(await send()).toMatchObject({ canal: 'email', deliveryId: 1 });
    expect(await twilio.calls()).toHaveLength(4);
    const [mail, ...others] = smtp.mails;
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ from: 'ne-pas-repondre@mediai.example', to: ['ombeline.canari@exemple.cd'] });
    expect(mail?.text).toMatch(/^Subject: Votre code MediAI\r$/m);
    expect(mail && readText(mail)).toBe(text);
    expect(recorded).toEqual([{ demandeur: { acteurId: null, acteurRole: 'service:auth' }, canal: 'email', telephone: null, userId: 4, etablissementId: 1, attempts: 1, messageSid: expect.stringMatching(/^<.+>$/), errorCode: null }]);
  });

  test('goes by e-mail at once where there is no phone, or none that can be one', async () => {
    for (const telephone of [null, 'illisible']) expect(await send({ telephone })).toMatchObject({ canal: 'email' });
    expect(await twilio.calls()).toEqual([]);
  });

  test('accepted and dropped is sent again: twice is harmless', async () => {
    await twilio.setFault({ kind: 'drop_after_accept', count: 1 });
    expect(await send()).toMatchObject({ canal: 'whatsapp' });
    expect(await twilio.messages()).toHaveLength(2);
  });

  test('waits for no provider longer than it was given', async () => {
    await twilio.setFault({ kind: 'hang' });
    const begun = Date.now();
    expect(await send({}, {}, 1_500)).toMatchObject({ canal: 'email' });
    expect(Date.now() - begun).toBeLessThan(1_600);
  });

  test('leaves Twilio alone while its breaker is open', async () => {
    await twilio.setFault({ kind: 'status', status: 503 });
    const sendCode = sender();
    for (let n = 0; n < 3; n += 1) expect(await sendCode(auth, command)).toMatchObject({ canal: 'email' });
    expect(await twilio.calls()).toHaveLength(5);
  });

  test('that no way accepts is told so, and recorded', async () => {
    await twilio.setFault({ kind: 'status', status: 400, code: 21_211 });
    const full = await startSmtp({ onRcptTo: (_address, _session, done) => done(Object.assign(new Error('boîte pleine'), { responseCode: 552 })) });
    const deps = { sendMail: createSmtpMailer({ url: full.url, from, requireTls: false }) };
    expect(await send({}, deps)).toEqual({ canal: null, deliveryId: 1 });
    expect(await send({}, { sendMail: undefined })).toEqual({ canal: null, deliveryId: 2 });
    expect(recorded).toMatchObject([{ canal: 'email', messageSid: null, errorCode: 'smtp.552' }, { canal: 'sms', errorCode: 'twilio.21211' }]);
    await full.close();
  });

  test('without any way leaves nothing behind', async () => {
    expect(await send({ telephone: null, email: null })).toEqual({ canal: null, deliveryId: null });
    expect(await send({ telephone: null }, { sendMail: undefined })).toEqual({ canal: null, deliveryId: null });
    expect(await send({ telephone: null, email: 'a@exemple.cd, b@evil.example' })).toEqual({ canal: null, deliveryId: null });
    expect(recorded).toEqual([]);
  });

  test('is refused by name of the field where it is none', async () => {
    const error = await send({ code: '48 29', minutes: 0, userId: 0, etablissementId: 0 }).catch((thrown: AppError) => thrown);
    expect(Object.keys((error as AppError).fields ?? {})).toEqual(['code', 'minutes', 'user_id', 'etablissement_id']);
    expect(JSON.stringify((error as AppError).fields)).not.toContain('48 29');
  });

  test.each(['consultation', 'ia', 'appointments', 'notifications'])('is not for %s to send', async (service) => {
    await expect(sender()({ ...auth, service }, command)).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('a mail server', () => {
  const mail = (url: string, requireTls = false, limitMs = 2_000) => createSmtpMailer({ url, from, requireTls })('amani@exemple.cd', { subject: 's', body: 'b', variables: { 1: '', 2: '' } }, limitMs);

  test('that is not there, or says nothing, is given up in time', async () => {
    expect(await mail('smtp://127.0.0.1:1')).toEqual({ kind: 'failed', code: expect.stringMatching(/^smtp\.E\w+$/) });
    const silent = await startSmtp({ onConnect: () => undefined });
    const begun = Date.now();
    expect(await mail(silent.url, false, 300)).toEqual({ kind: 'failed', code: 'smtp.delai' });
    expect(Date.now() - begun).toBeLessThan(1_000);
    await silent.close();
  });

  test('gets the password of its URL', async () => {
    let seen: unknown;
    const strict = await startSmtp({ authOptional: false, allowInsecureAuth: true, onAuth: ({ username, password }, _session, done) => ((seen = [username, password]), done(null, { user: username })) });
    expect(await mail(strict.url.replace('//', '//mediai:s%C3%A9same@'))).toMatchObject({ kind: 'accepted' });
    expect(seen).toEqual(['mediai', 'sésame']);
    await strict.close();
  });

  test('without STARTTLS gets no code where it is required, unless its URL says so', async () => {
    expect((await mail(smtp.url, true)).kind).not.toBe('accepted');
    expect(smtp.mails).toEqual([]);
    expect(await mail(`${smtp.url}?requireTLS=false`, true)).toMatchObject({ kind: 'accepted' });
  });
});

test('neither code, name, phone nor address is in logs, spans or metrics', async () => {
  expect(lines.length).toBeGreaterThan(10);
  expect(spans.length).toBeGreaterThan(10);
  const said = lines.join('') + JSON.stringify(spans) + (await metrics.registry.metrics());
  expect(said).not.toMatch(/482913|Ombeline|canari|exemple\.cd|243810000001|boîte pleine/i);
});
