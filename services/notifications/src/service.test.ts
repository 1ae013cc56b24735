import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { create, toBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AppointmentCancelledSchema, AppointmentConfirmedSchema } from '@mediai/contracts/appointments/v1/events';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { UserChangedSchema } from '@mediai/contracts/auth/v1/events';
import { FicheValidatedSchema } from '@mediai/contracts/consultation/v1/events';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { HealthService } from '@mediai/contracts/health/v1/health_service';
import { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import { createMemoryBus, topics } from '@mediai/events';
import { forbidden, notFound, unavailable, type AppError } from '@mediai/kit/errors';
import { connect, implement, serve, type GrpcClient, type GrpcServer } from '@mediai/kit/grpc';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { startTelemetry, type Telemetry } from '@mediai/kit/telemetry';
import { createTestDatabase, testPart, type TestDatabase } from '@mediai/testing';
import { createSigner } from 'fast-jwt';
import { loadConfig } from './config.ts';
import { openDatabase, type Database } from './database-store.ts';
import { createDeps, type Deps } from './deps.ts';
import { createNotificationsMetrics } from './metrics.ts';
import { createRpc, publicMethods } from './rpc.ts';
import { readText, startSmtp } from './code/smtp.memory.ts';
import { startTwilio, twilioAccount, twilioFrom, twilioToken } from './sandbox.memory.ts';

/** The whole service over gRPC on a free port: a real database and Redis, the sandbox, a bus in memory, auth and consultation played. */
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const sign = createSigner({ key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), algorithm: 'RS256', kid: 'essai', iss: 'mediai', aud: 'mediai', expiresIn: 600_000 });
const tokenOf = (sub: string, role: string, claims: object = {}): string => sign({ sub, role, jti: randomUUID(), is_staff: false, is_superuser: false, approuve: true, etablissement_id: 1, ...claims });
const serviceToken = tokenOf('service:consultation', 'service');
const authToken = tokenOf('service:auth', 'service');
const medecin = tokenOf('9', 'medecin');

const bus = createMemoryBus();
const lines: string[] = [];
const spans: unknown[] = [];
const log = createLogger({ service: 'notifications', level: 'debug', stream: { write: (line) => void lines.push(line) } });
const quiet = createLogger({ service: 'peer', level: 'silent' });

let twilio: Awaited<ReturnType<typeof startTwilio>>;
let smtp: Awaited<ReturnType<typeof startSmtp>>;
let test_: TestDatabase;
let database: Database;
let deps: Deps;
let server: GrpcServer;
let peers: GrpcServer;
let telemetry: Telemetry;
let client: GrpcClient<typeof NotificationsService>;
const metrics = createNotificationsMetrics();

/** What consultation answers by fiche; `away` while it is down. */
const destinataires = new Map<number, { telephone?: string; prenom: string; numeroDossier: string; userId?: number; contenuCle: string; status: string; etablissementId: number } | 'away'>();
let askedAuth: number[] = [];
/** Fiches that consultation refuses to the actors of a `Send`, and how. */
const refusedFiches = new Map<number, AppError>();
let askedAccess: { id: number; ouverture: boolean; acteurId: number | undefined }[] = [];

beforeAll(async () => {
  twilio = await startTwilio();
  smtp = await startSmtp();
  test_ = await createTestDatabase('notifications');
  database = openDatabase(test_.appUrl);
  telemetry = await startTelemetry({ service: 'notifications', exporter: { export: (batch, done) => { spans.push(...batch.map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))); done({ code: 0 }); }, shutdown: async () => undefined } });
  const jwk = publicKey.export({ format: 'jwk' });
  const auth = implement(AuthService, {
    getJwks: async () => ({ keys: [{ kty: 'RSA', kid: 'essai', alg: 'RS256', use: 'sig', n: jwk.n ?? '', e: jwk.e ?? '' }] }),
    issueServiceToken: async () => ({ token: tokenOf('service:notifications', 'service'), expiresInSeconds: 600 }),
    getRevocations: async () => ({ revocations: [{ userId: 99, validFrom: BigInt(Math.floor(Date.now() / 1000) + 60) }] }),
    async getUsers({ ids }) {
      askedAuth.push(...ids);
      return { users: ids.filter((id) => id === 77).map((id) => ({ id, username: 'u', firstName: 'Dédé', lastName: 'x', role: 'patient', isActive: true, phone: '+243810000077', etablissementId: 1 })) };
    },
  });
  const consultation = implement(FicheService, {
    async getDestinataire({ ficheId }) {
      const found = destinataires.get(ficheId);
      if (found === 'away') throw unavailable();
      if (!found) throw notFound();
      return found;
    },
    async getAccesFiche({ id, ouverture }, { acteur }) {
      askedAccess.push({ id, ouverture, acteurId: acteur?.id });
      const refused = refusedFiches.get(id);
      if (refused) throw refused;
      return { etablissementId: 1 };
    },
  });
  const open = ['GetJwks', 'IssueServiceToken', 'GetRevocations', 'GetUsers'].map((name) => `mediai.auth.v1.AuthService/${name}`);
  peers = await serve({ services: [auth, consultation], host: '127.0.0.1', port: 0, publicMethods: [...open, 'mediai.consultation.v1.FicheService/GetDestinataire'], verify: async (token) => deps.verify(token), log: quiet, metrics: createMetrics('peers') });
  const address = `127.0.0.1:${peers.port}`;
  const config = loadConfig({
    MEDIAI_MODE: 'test', GRPC_PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: test_.appUrl, KAFKA_BROKERS: '127.0.0.1:9', REDIS_URL: testPart('redisUrl'), AUTH_GRPC: address, CONSULTATION_GRPC: address,
    SERVICE_SECRET: '0123456789abcdef', TWILIO_ACCOUNT_SID: twilioAccount, TWILIO_AUTH_TOKEN: twilioToken, TWILIO_BASE_URL: twilio.baseUrl, TWILIO_WHATSAPP_FROM: twilioFrom, TWILIO_TIMEOUT_MS: '1000',
    TWILIO_RESEND_GRACE_MS: '500', MEDIAI_PUBLIC_URL: 'https://mediai.example', SMTP_URL: smtp.url, SMTP_FROM: 'MediAI <ne-pas-repondre@mediai.example>',
  });
  deps = createDeps({ config, log, metrics, bus });
  server = await serve({ services: createRpc(deps.useCases, deps.checks), host: '127.0.0.1', port: 0, verify: deps.verify, publicMethods, log, metrics });
  client = connect(NotificationsService, { address: `127.0.0.1:${server.port}`, deadlineMs: 10_000 });
  // As at its start, the first question to the database comes before all work.
  await deps.checks.database();
  await database.ping();
  deps.start();
});
afterEach(() => twilio.reset());
afterAll(async () => {
  client.close();
  await server.close(1_000);
  await deps.close();
  await peers.close(1_000);
  await telemetry.shutdown();
  await database.close();
  await test_.drop();
  await twilio.close();
  await smtp.close();
});

let count = 0;
const phoneOf = (n: number): string => `+2438100${String(n).padStart(5, '0')}`;

/** A request about a new fiche of its own, with a recipient of its own. */
function request(changes: { canal?: string; modele?: string; telephone?: string | undefined; userId?: number; prenom?: string; cle?: string; ficheId?: number } = {}) {
  count += 1;
  return { canal: 'whatsapp', modele: 'fiche_prete', telephone: phoneOf(count), prenom: 'Ombeline-Canari', numeroDossier: `CONS-20260302-${count}`, ficheId: count, cle: `fiche:${randomUUID()}:abc`, etablissementId: 1, ...changes };
}
const send = (init: ReturnType<typeof request> & { forceResend?: boolean }, token = serviceToken) => client.send(init, { token });
const kindOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'ok', (error: AppError) => error.kind);

async function publish<D extends DescMessage>(topic: { name: string }, schema: D, message: MessageInitShape<D>, eventId: string = randomUUID()): Promise<void> {
  const headers = { ce_specversion: '1.0', ce_id: eventId, ce_source: '/mediai/test', ce_type: schema.typeName, ce_time: new Date().toISOString(), ce_subject: '1' };
  await bus.producer.send([{ topic: topic.name, key: '1', value: toBinary(schema, create(schema, message)), headers }]);
  await bus.settled();
}
const validated = (id: number, eventId?: string) =>
  publish(topics.fiche, FicheValidatedSchema, { fiche: { id, numeroDossier: 'CONS-20260302-900', etablissementId: 1, status: 'valide_medecin', version: 5 }, medecinId: 9 }, eventId);
const user = (id: number, phone?: string, version = 1) =>
  publish(topics.user, UserChangedSchema, { id, username: `u${id}`, firstName: 'Mwamba', lastName: 'Kalonji', role: 'patient', isActive: true, phone, etablissementId: 1, version });
const destinataire = (telephone?: string, userId?: number) => ({ telephone, userId, prenom: 'Ombeline-Canari', numeroDossier: 'CONS-20260302-900', contenuCle: 'abc', status: 'valide_medecin', etablissementId: 1 });

async function eventually<T>(ask: () => Promise<T>, pleases: (value: T) => boolean): Promise<T> {
  const end = Date.now() + 15_000;
  for (;;) {
    const value = await ask();
    if (pleases(value) || Date.now() > end) {
      expect(value).toSatisfy(pleases);
      return value;
    }
    await new Promise((wake) => setTimeout(wake, 30));
  }
}
expect.extend({ toSatisfy: (value: unknown, pleases: (value: unknown) => boolean) => ({ pass: pleases(value), message: () => `not yet as hoped: ${JSON.stringify(value)}` }) });
declare module 'expect' {
  interface Matchers<R> {
    toSatisfy: (pleases: (value: never) => boolean) => R;
  }
}
const messagesTo = (phone: string, wanted = 1) => eventually(() => twilio.messages(phone), (messages) => messages.length >= wanted);
const settledAll = () => eventually(() => database.db.annonce.count({ where: { issue: null } }), (waiting) => waiting === 0);

describe('Send', () => {
  test('sends once; again within the hour gives the same SID; force sends again', async () => {
    const init = request();
    const first = await send(init);
    expect(first).toMatchObject({ etat: 'envoye', dejaEnvoye: false });
    const [message] = await twilio.messages(init.telephone);
    expect(message).toMatchObject({ sid: first.messageSid, body: `Bonjour Ombeline-Canari, votre fiche ${init.numeroDossier} est prête. Lisez-la ici : https://mediai.example/fiches/${init.ficheId}` });
    expect(await send(init)).toMatchObject({ deliveryId: first.deliveryId, messageSid: first.messageSid, dejaEnvoye: true });
    expect(await twilio.calls()).toEqual(['create']);
    const forced = await send({ ...init, forceResend: true });
    expect(forced).toMatchObject({ etat: 'envoye', dejaEnvoye: false });
    expect(forced.messageSid).not.toBe(first.messageSid);
    expect(await send(init)).toMatchObject({ messageSid: forced.messageSid, dejaEnvoye: true });
    expect(await twilio.messages(init.telephone)).toHaveLength(2);
  });

  test('ten at once with one key are one message', async () => {
    const init = request();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(init)));
    expect(new Set(answers.map(({ messageSid }) => messageSid)).size).toBe(1);
    expect(answers.every(({ etat }) => etat === 'envoye')).toBe(true);
    expect(answers.filter(({ dejaEnvoye }) => !dejaEnvoye)).toHaveLength(1);
    expect(await twilio.messages(init.telephone)).toHaveLength(1);
  });

  test('while Twilio fails it answers en_attente, the same again, and the worker goes on', async () => {
    await twilio.setFault({ kind: 'status', status: 503 });
    const init = request();
    const first = await send(init);
    expect(first).toMatchObject({ etat: 'en_attente', dejaEnvoye: false });
    expect(first.messageSid).toBeUndefined();
    expect((await send(init)).dejaEnvoye).toBe(true);
    await twilio.clearFaults();
    const [message] = await messagesTo(init.telephone);
    expect(await eventually(() => send(init), ({ etat }) => etat === 'envoye')).toMatchObject({ deliveryId: first.deliveryId, messageSid: message?.sid });
    expect(await twilio.messages(init.telephone)).toHaveLength(1);
  });

  test('accepted and dropped: the SID is found, nothing is sent twice', async () => {
    await twilio.setFault({ kind: 'drop_after_accept', count: 1 });
    const init = request();
    await send(init);
    const found = await eventually(() => send(init), ({ messageSid }) => messageSid !== undefined);
    const messages = await twilio.messages(init.telephone);
    expect(messages.map(({ sid }) => sid)).toEqual([found.messageSid]);
  });

  test('a caller with a short deadline is answered in time', async () => {
    await twilio.setFault({ kind: 'latency', latencyMs: 900, count: 1 });
    const init = request();
    const answer = await client.send(init, { token: serviceToken, deadlineMs: 800 });
    expect(answer.etat).toBe('en_cours');
    await eventually(() => send(init), ({ etat }) => etat === 'envoye');
    expect(await twilio.messages(init.telephone)).toHaveLength(1);
  });

  test('a row left behind by a killed process is looked up: one message', async () => {
    const init = request();
    const { messageSid } = await send(init);
    // As if the process had died between Twilio's answer and the row: taken, lease over, no SID.
    await database.db.delivery.updateMany({
      where: { message_sid: messageSid ?? '' },
      data: { etat: 'en_cours', message_sid: null, sent_at: null, lease_until: new Date(0), next_attempt_at: new Date(0), uncertain_since: new Date(Date.now() - 5_000), resend_after: new Date(0) },
    });
    const [row] = await eventually(() => database.db.delivery.findMany({ where: { cle: init.cle } }), (rows) => rows[0]?.etat === 'envoye');
    expect(row?.message_sid).toBe(messageSid);
    expect(await twilio.messages(init.telephone)).toHaveLength(1);
  });

  test('of a person is about a fiche that consultation lets them act on; a refusal is audited', async () => {
    askedAccess = [];
    const [colleagues, unknown] = [request({ ficheId: 70_001 }), request({ ficheId: 70_002 })];
    refusedFiches.set(70_001, forbidden('acces.motif_requis', 'Indiquez le motif de votre accès.'));
    refusedFiches.set(70_002, notFound());
    await expect(send(colleagues, medecin)).rejects.toMatchObject({ kind: 'forbidden', code: 'acces.motif_requis' });
    expect(await kindOf(send(unknown, medecin))).toBe('not_found');
    await expect(client.send({ ...request(), ficheId: undefined }, { token: medecin })).rejects.toMatchObject({ fields: { fiche_id: ['La fiche est obligatoire.'] } });
    expect(await kindOf(client.send({ ...request({ ficheId: 70_003 }), etablissementId: 999 }, { token: tokenOf('4', 'patient') }))).toBe('forbidden');
    expect(askedAccess).toEqual([{ id: 70_001, ouverture: false, acteurId: 9 }, { id: 70_002, ouverture: false, acteurId: 9 }]);
    expect(await twilio.messages()).toEqual([]);
    const rows = await database.db.audit.findMany({ where: { objet_type: 'fiche' }, orderBy: { id: 'asc' }, select: { acteur_id: true, acteur_role: true, action: true, objet_id: true, etablissement_id: true, issue: true, raison: true } });
    expect(rows).toEqual([
      { acteur_id: 9, acteur_role: 'medecin', action: 'delivery.demander', objet_id: '70001', etablissement_id: 1, issue: 'refus', raison: 'acces.motif_requis' },
      { acteur_id: 4, acteur_role: 'patient', action: 'delivery.demander', objet_id: '70003', etablissement_id: 1, issue: 'refus', raison: 'acces.refuse' },
    ]);
  });

  test('of a person goes to whom consultation says, about what it says, whatever they say themselves', async () => {
    const [patient, stranger] = [phoneOf(9101), phoneOf(9102)];
    destinataires.set(9101, destinataire(patient));
    destinataires.set(9102, { ...destinataire(phoneOf(9103)), etablissementId: 2 });
    const lies = { telephone: stranger, userId: 41, prenom: 'Ombeline-Leurre', ficheId: 9101, cle: 'appointment:801:confirmed:2' };
    const { messageSid } = await send(request(lies), medecin);
    expect((await twilio.messages(patient)).map(({ sid, body }) => [sid, body])).toEqual([[messageSid, 'Bonjour Ombeline-Canari, votre fiche CONS-20260302-900 est prête. Lisez-la ici : https://mediai.example/fiches/9101']]);
    expect(await send(request({ ...lies, cle: 'another' }), medecin)).toMatchObject({ messageSid, dejaEnvoye: true });
    expect(await database.db.envoiCle.findMany({ where: { cle: { contains: 'appointment:801' } } })).toEqual([]);
    expect(await kindOf(send(request({ ficheId: 9102 }), medecin))).toBe('not_found');
    expect(await kindOf(send(request({ ficheId: 9199 }), medecin))).toBe('not_found');
    await expect(send(request({ ...lies, modele: 'appointment_annule' }), medecin)).rejects.toMatchObject({ fields: { modele: [expect.any(String)] } });
    expect(await twilio.messages()).toHaveLength(1);
  });

  test('leaves a line of who had what sent, and how it ended, in the audit', async () => {
    destinataires.set(9104, destinataire(phoneOf(9104)));
    const { deliveryId } = await send(request({ ficheId: 9104 }), medecin);
    const rows = await database.db.audit.findMany({ where: { objet_type: 'delivery', objet_id: String(deliveryId) }, orderBy: { id: 'asc' } });
    expect(rows).toMatchObject([
      { acteur_id: 9, acteur_role: 'medecin', action: 'delivery.demander', issue: 'ok', raison: 'fiche_prete', etablissement_id: 1, request_id: expect.any(String) },
      { acteur_id: null, acteur_role: 'service:notifications', action: 'delivery.envoyer', issue: 'ok' },
    ]);
    await expect(database.db.audit.deleteMany({})).rejects.toThrow();
  });

  test('is for services, approved médecins and admins, each within their établissement', async () => {
    expect(await kindOf(client.send(request()))).toBe('unauthenticated');
    expect(await kindOf(send(request(), tokenOf('99', 'medecin')))).toBe('unauthenticated'); // revoked
    expect(await kindOf(send(request(), tokenOf('4', 'patient')))).toBe('forbidden');
    expect(await kindOf(send(request(), tokenOf('9', 'medecin', { approuve: false })))).toBe('forbidden');
    expect(await kindOf(send(request(), tokenOf('9', 'medecin', { etablissement_id: 2 })))).toBe('not_found');
    destinataires.set(9105, destinataire(phoneOf(9105)));
    expect(await kindOf(send(request({ ficheId: 9105 }), tokenOf('3', 'patient', { is_staff: true })))).toBe('ok');
    expect(await kindOf(send(request(), authToken))).toBe('forbidden');
    expect(await twilio.messages()).toHaveLength(1);
  });

  test('says in French, field by field, what is wrong', async () => {
    const kinds = await Promise.all([send(request({ canal: 'fax' })), send(request({ modele: 'autre' })), send(request({ cle: '' })), send(request({ telephone: 'abc' })), send(request({ telephone: undefined }))].map((call) => call.catch((error: AppError) => Object.keys(error.fields ?? {}))));
    expect(kinds).toEqual([['canal'], ['modele'], ['cle'], ['telephone'], ['telephone']]);
    const odd = [{ cle: 'a\0b' }, { prenom: 'a\0b' }, { prenom: 'x'.repeat(201) }, { telephone: '+243\u0000810000000' }].map((changes) => send(request(changes)).catch((error: AppError) => Object.keys(error.fields ?? {})));
    expect(await Promise.all([...odd, client.send({ ...request(), numeroDossier: '\0' }, { token: serviceToken }).catch((error: AppError) => Object.keys(error.fields ?? {}))])).toEqual([['cle'], ['prenom'], ['prenom'], ['telephone'], ['numero_dossier']]);
    await expect(send(request({ canal: 'sms' }))).rejects.toMatchObject({ kind: 'invalid', code: 'notification.sms_non_configure' });
  });

  test('finds the phone of a user: projected, else asked of auth once', async () => {
    await user(41, phoneOf(9041));
    expect(await send(request({ telephone: undefined, userId: 41, prenom: '' }))).toMatchObject({ etat: 'envoye' });
    expect((await twilio.messages(phoneOf(9041)))[0]?.body).toMatch(/^Bonjour Mwamba, /);
    expect(askedAuth).toEqual([]);
    expect(await send(request({ telephone: undefined, userId: 77 }))).toMatchObject({ etat: 'envoye' });
    expect(askedAuth).toEqual([77]);
    askedAuth = [];
  });
});

describe('SendCode', () => {
  const code = 'Z7K2-94XQ';
  const asked = { telephone: phoneOf(9090), email: 'kalonji@exemple.cd', prenom: 'Mwamba', code, minutes: 10, userId: 90, etablissementId: 1 };

  test('is for auth alone', async () => {
    expect(await kindOf(client.sendCode(asked))).toBe('unauthenticated');
    for (const token of [serviceToken, medecin, tokenOf('4', 'patient'), tokenOf('3', 'patient', { is_staff: true, is_superuser: true })]) expect(await kindOf(client.sendCode(asked, { token }))).toBe('forbidden');
    expect(await twilio.messages()).toEqual([]);
  });

  test('hands the code over, and keeps that it did', async () => {
    const { canal, deliveryId } = await client.sendCode(asked, { token: authToken });
    expect(canal).toBe('whatsapp');
    const [message] = await twilio.messages(asked.telephone);
    expect(message?.body).toContain(`votre code MediAI est ${code}.`);
    const row = await database.db.delivery.findUnique({ where: { id: deliveryId ?? 0 } });
    expect(row).toMatchObject({ modele: 'code', canal: 'whatsapp', etat: 'envoye', telephone: asked.telephone, user_id: 90, message_sid: message?.sid, prenom: '', fiche_id: null });
    expect(await database.db.audit.findMany({ where: { objet_type: 'users', objet_id: '90' } })).toMatchObject([{ acteur_id: null, acteur_role: 'service:auth', action: 'code.envoyer', issue: 'ok', raison: 'whatsapp' }]);
  });

  test('twice is twice, and no worker ever sends one again', async () => {
    for (let time = 0; time < 2; time += 1) await client.sendCode(asked, { token: authToken });
    await new Promise((wake) => setTimeout(wake, 600));
    expect(await twilio.messages(asked.telephone)).toHaveLength(2);
  });

  test('falls back to e-mail, whose address is kept nowhere; what failed is recorded as well', async () => {
    await twilio.setFault({ kind: 'status', status: 400, code: 63_003 });
    expect(await client.sendCode(asked, { token: authToken })).toMatchObject({ canal: 'email' });
    expect(smtp.mails.map((mail) => [mail.to, readText(mail).includes(code)])).toEqual([[['kalonji@exemple.cd'], true]]);
    const failed = await client.sendCode({ ...asked, email: undefined }, { token: authToken });
    expect(failed.canal).toBeUndefined();
    expect(await database.db.delivery.findUnique({ where: { id: failed.deliveryId ?? 0 } })).toMatchObject({ modele: 'code', etat: 'echec', error_code: 'twilio.63003' });
    const nowhere = await client.sendCode({ ...asked, email: undefined, telephone: undefined }, { token: authToken });
    expect([nowhere.canal, nowhere.deliveryId]).toEqual([undefined, undefined]);
  });

  test('leaves the code in no table and no event', async () => {
    const tables = await database.db.$queryRawUnsafe<{ name: string }[]>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`);
    const dumps = await Promise.all(tables.map(({ name }) => database.db.$queryRawUnsafe<{ text: string }[]>(`SELECT t::text AS text FROM "${name}" t`)));
    const payloads = await database.db.outbox.findMany({ select: { payload: true } });
    const kept = JSON.stringify(dumps) + payloads.map(({ payload }) => Buffer.from(payload ?? []).toString('latin1')).join('');
    expect(kept).toContain('code.envoyer');
    for (const hidden of [code, Buffer.from(code).toString('hex'), 'exemple.cd']) expect(kept).not.toContain(hidden);
  });
});

describe('a validated fiche', () => {
  test('redelivered: one message, which a manual send finds', async () => {
    const phone = phoneOf(9001);
    destinataires.set(9001, destinataire(phone));
    const eventId = randomUUID();
    for (let time = 0; time < 3; time += 1) await validated(9001, eventId);
    await validated(9001); // validated anew, the content being the same
    const [message] = await messagesTo(phone);
    await settledAll();
    expect(await send(request({ ficheId: 9001 }), medecin)).toMatchObject({ messageSid: message?.sid, dejaEnvoye: true });
    expect(await twilio.messages(phone)).toHaveLength(1);
    expect(await database.db.ficheProjection.findUnique({ where: { id: 9001 } })).toMatchObject({ status: 'valide_medecin', version: 5 });
  });

  test('while consultation is away it waits; without a phone of its own the user\'s is taken', async () => {
    await user(42, phoneOf(9042));
    destinataires.set(9002, 'away');
    await validated(9002);
    await eventually(() => database.db.annonce.findFirst({ where: { fiche_id: 9002 } }), (annonce) => (annonce?.attempts ?? 0) >= 2);
    destinataires.set(9002, destinataire(undefined, 42));
    expect((await messagesTo(phoneOf(9042)))[0]?.body).toMatch(/^Bonjour Ombeline-Canari, votre fiche CONS-20260302-900 /);
  });

  test('that is gone, no longer validated, or whose patient cannot be reached tells nobody', async () => {
    destinataires.set(9003, { ...destinataire(phoneOf(9003)), status: 'en_analyse' });
    destinataires.set(9004, destinataire('illisible'));
    for (const id of [9003, 9004, 9005]) await validated(id);
    await settledAll();
    const rows = await database.db.annonce.findMany({ where: { fiche_id: { in: [9003, 9004, 9005] } }, orderBy: { fiche_id: 'asc' } });
    expect(rows.map(({ issue }) => issue)).toEqual(['sans_objet', 'sans_telephone', 'sans_objet']);
    expect(await twilio.messages()).toEqual([]);
  });
});

describe('an appointment', () => {
  const debut = new Date('2026-11-24T12:30:00Z');
  const state = (id: number, version: number, status: string, patientId: number) => ({ id, patientId, medecinId: 45, etablissementId: 1, status, version, confirmedStart: timestampFromDate(debut) });

  test('confirmed, told three times: the patient gets one message, with the time of the établissement', async () => {
    await user(43, phoneOf(9043));
    const eventId = randomUUID();
    for (let time = 0; time < 3; time += 1) await publish(topics.appointment, AppointmentConfirmedSchema, { appointment: state(801, 2, 'confirmed', 43) }, eventId);
    await messagesTo(phoneOf(9043));
    await settledAll();
    const messages = await twilio.messages(phoneOf(9043));
    expect(messages.map(({ body }) => body)).toEqual(['Bonjour Mwamba, votre rendez-vous du mardi 24 novembre 2026 à 14 h 30 est confirmé. Détails : https://mediai.example']);
  });

  test('cancelled by the patient: the médecin is told, the patient is not, and what still waited for the patient is dropped', async () => {
    await user(44, phoneOf(9044));
    await user(45, phoneOf(9045));
    await twilio.setFault({ kind: 'status', status: 429 });
    await publish(topics.appointment, AppointmentConfirmedSchema, { appointment: state(802, 2, 'confirmed', 44) });
    await eventually(() => database.db.delivery.findFirst({ where: { appointment_id: 802 } }), (row) => row?.etat === 'en_attente' && row.attempts > 0);
    await publish(topics.appointment, AppointmentCancelledSchema, { appointment: state(802, 3, 'cancelled', 44), parUserId: 44 });
    await twilio.clearFaults();
    expect((await messagesTo(phoneOf(9045)))[0]?.body).toBe('Bonjour Mwamba, le patient a annulé son rendez-vous du mardi 24 novembre 2026 à 14 h 30. Votre agenda : https://mediai.example');
    await eventually(() => database.db.delivery.count({ where: { etat: { in: ['en_attente', 'en_cours', 'inconnu'] } } }), (waiting) => waiting === 0);
    expect(await twilio.messages(phoneOf(9044))).toEqual([]);
    expect(await database.db.delivery.findFirst({ where: { appointment_id: 802, user_id: 44 } })).toMatchObject({ etat: 'echec', error_code: 'remplace' });
  });
});

test('its parts are told to anybody', async () => {
  const health = connect(HealthService, { address: `127.0.0.1:${server.port}` });
  expect((await health.getChecks({})).checks).toEqual({ database: 'ok', schema: 'ok', redis: 'ok', kafka: 'ok', workers: 'ok', external_apis: 'ok' });
  health.close();
});

test('no name, phone or text is in logs, spans, metrics or events', async () => {
  await eventually(() => database.db.outbox.count({ where: { sent_at: null } }), (unsent) => unsent === 0);
  const events = bus.published(topics.delivery.name).map(({ key, value, headers }) => JSON.stringify([key, Buffer.from(value ?? []).toString('latin1'), headers]));
  expect(events.length).toBeGreaterThan(20);
  expect(spans.length).toBeGreaterThan(20);
  expect(lines.length).toBeGreaterThan(20);
  const kept = [lines.join(''), JSON.stringify(spans), (await metrics.expose('application/openmetrics-text')).body, events.join('')];
  for (const text of kept) expect(text).not.toMatch(/Canari|Mwamba|Kalonji|Dédé|2438100\d{5}|prête|whatsapp:\+|Z7K2|exemple\.cd/i);
});
