import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import { connect, type GrpcClient } from '@mediai/kit/grpc';
import { readText, startSmtp } from './code/smtp.memory.ts';
import { kindOf, personnel, phoneOf, startService, tokenOf } from './service.memory.ts';

const authToken = tokenOf('service:auth', 'service');

let service: Awaited<ReturnType<typeof startService>>;
let client: GrpcClient<typeof NotificationsService>;
let smtp: Awaited<ReturnType<typeof startSmtp>>;

beforeAll(async () => {
  smtp = await startSmtp();
  service = await startService({ env: { TWILIO_SMS_FROM: undefined, SMTP_URL: smtp.url, SMTP_FROM: 'MediAI <ne-pas-repondre@mediai.example>' } });
  client = connect(NotificationsService, { address: service.address, deadlineMs: 10_000 });
});
afterEach(() => service.twilio.reset());
afterAll(async () => {
  client.close();
  await service.close();
  await smtp.close();
});

describe('SendCode', () => {
  const code = 'Z7K2-94XQ';
  const asked = { telephone: phoneOf(9090), email: 'kalonji@exemple.cd', prenom: 'Mwamba', code, minutes: 10, userId: 90, etablissementId: 1 };

  test('is for auth alone', async () => {
    expect(await kindOf(client.sendCode(asked))).toBe('unauthenticated');
    for (const token of [tokenOf('service:consultation', 'service'), tokenOf('9', 'medecin'), tokenOf('4', 'patient'), tokenOf('3', 'patient', { is_staff: true, is_superuser: true })]) expect(await kindOf(client.sendCode(asked, { token }))).toBe('forbidden');
    expect(await service.twilio.messages()).toEqual([]);
  });

  test('hands the code over, and keeps that it did', async () => {
    const { canal, deliveryId } = await client.sendCode(asked, { token: authToken });
    expect(canal).toBe('whatsapp');
    const [message] = await service.twilio.messages(asked.telephone);
    expect(message?.body).toContain(`votre code MediAI est ${code}.`);
    const row = await service.db.delivery.findUnique({ where: { id: deliveryId ?? 0 } });
    expect(row).toMatchObject({ modele: 'code', canal: 'whatsapp', etat: 'envoye', telephone: asked.telephone, user_id: 90, message_sid: message?.sid, prenom: '', fiche_id: null });
    expect(await service.db.audit.findMany({ where: { objet_type: 'users', objet_id: '90' } })).toMatchObject([{ acteur_id: null, acteur_role: 'service:auth', action: 'code.envoyer', issue: 'ok', raison: 'whatsapp' }]);
  });

  test('twice is twice, and no worker ever sends one again', async () => {
    for (let time = 0; time < 2; time += 1) await client.sendCode(asked, { token: authToken });
    await new Promise((wake) => setTimeout(wake, 600));
    expect(await service.twilio.messages(asked.telephone)).toHaveLength(2);
  });

  test('falls back to e-mail, whose address is kept nowhere; what failed is recorded as well', async () => {
    await service.twilio.setFault({ kind: 'status', status: 400, code: 63_003 });
    expect(await client.sendCode(asked, { token: authToken })).toMatchObject({ canal: 'email' });
    expect(smtp.mails.map((mail) => [mail.to, readText(mail).includes(code)])).toEqual([[['kalonji@exemple.cd'], true]]);
    const failed = await client.sendCode({ ...asked, email: undefined }, { token: authToken });
    expect(failed.canal).toBeUndefined();
    expect(await service.db.delivery.findUnique({ where: { id: failed.deliveryId ?? 0 } })).toMatchObject({ modele: 'code', etat: 'echec', error_code: 'twilio.63003' });
    const nowhere = await client.sendCode({ ...asked, email: undefined, telephone: undefined }, { token: authToken });
    expect([nowhere.canal, nowhere.deliveryId]).toEqual([undefined, undefined]);
  });

  test('leaves the code in no table and no event', async () => {
    const tables = await service.db.$queryRawUnsafe<{ name: string }[]>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`);
    const dumps = await Promise.all(tables.map(({ name }) => service.db.$queryRawUnsafe<{ text: string }[]>(`SELECT t::text AS text FROM "${name}" t`)));
    const payloads = await service.db.outbox.findMany({ select: { payload: true } });
    const kept = JSON.stringify(dumps) + payloads.map(({ payload }) => Buffer.from(payload ?? []).toString('latin1')).join('');
    expect(kept).toContain('code.envoyer');
    for (const hidden of [code, Buffer.from(code).toString('hex'), 'exemple.cd']) expect(kept).not.toContain(hidden);
  });
});

test('no name, phone or text is in logs, spans, metrics or events', async () => {
  const { counts, texts } = await service.told();
  for (const count of counts) expect(count).toBeGreaterThan(4);
  for (const text of texts) expect(text).not.toMatch(personnel);
});
