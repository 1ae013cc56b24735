import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AppointmentCancelledSchema, AppointmentConfirmedSchema } from '@mediai/contracts/appointments/v1/events';
import { FicheValidatedSchema } from '@mediai/contracts/consultation/v1/events';
import { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import { topics } from '@mediai/events';
import { connect, type GrpcClient } from '@mediai/kit/grpc';
import { destinataire, eventually, personnel, phoneOf, startService, tokenOf } from './service.memory.ts';

let service: Awaited<ReturnType<typeof startService>>;
let client: GrpcClient<typeof NotificationsService>;

beforeAll(async () => {
  service = await startService({ env: { TWILIO_SMS_FROM: undefined } });
  client = connect(NotificationsService, { address: service.address, deadlineMs: 10_000 });
});
afterEach(() => service.twilio.reset());
afterAll(async () => {
  client.close();
  await service.close();
});

const validated = (id: number, eventId?: string) =>
  service.publish(topics.fiche, FicheValidatedSchema, { fiche: { id, numeroDossier: 'CONS-20260302-900', etablissementId: 1, status: 'valide_medecin', version: 5 }, medecinId: 9 }, eventId);
const settledAll = () => eventually(() => service.db.annonce.count({ where: { issue: null } }), (waiting) => waiting === 0);

describe('a validated fiche', () => {
  test('redelivered: one message, which a manual send finds', async () => {
    const phone = phoneOf(9001);
    service.play(9001, destinataire(phone));
    const eventId = randomUUID();
    for (let time = 0; time < 3; time += 1) await validated(9001, eventId);
    await validated(9001); // validated anew, the content being the same
    const [message] = await service.messagesTo(phone);
    await settledAll();
    expect(await client.send({ canal: 'whatsapp', modele: 'fiche_prete', prenom: '', numeroDossier: '', ficheId: 9001, cle: randomUUID(), etablissementId: 1 }, { token: tokenOf('9', 'medecin') })).toMatchObject({ messageSid: message?.sid, dejaEnvoye: true });
    expect(await service.twilio.messages(phone)).toHaveLength(1);
    expect(await service.db.ficheProjection.findUnique({ where: { id: 9001 } })).toMatchObject({ status: 'valide_medecin', version: 5 });
  });

  test('while consultation is away it waits; without a phone of its own the user\'s is taken', async () => {
    await service.publishUser(42, phoneOf(9042));
    service.peers.destinataires.set(9002, 'away');
    await validated(9002);
    await eventually(() => service.db.annonce.findFirst({ where: { fiche_id: 9002 } }), (annonce) => (annonce?.attempts ?? 0) >= 2);
    service.peers.destinataires.set(9002, destinataire(undefined, 42));
    expect((await service.messagesTo(phoneOf(9042)))[0]?.body).toMatch(/^Bonjour Ombeline-Canari, votre fiche CONS-20260302-900 /);
  });

  test('that is gone, no longer validated, or whose patient cannot be reached tells nobody', async () => {
    service.peers.destinataires.set(9003, { ...destinataire(phoneOf(9003)), status: 'en_analyse' });
    service.peers.destinataires.set(9004, destinataire('illisible'));
    for (const id of [9003, 9004, 9005]) await validated(id);
    await settledAll();
    const rows = await service.db.annonce.findMany({ where: { fiche_id: { in: [9003, 9004, 9005] } }, orderBy: { fiche_id: 'asc' } });
    expect(rows.map(({ issue }) => issue)).toEqual(['sans_objet', 'sans_telephone', 'sans_objet']);
    expect(await service.twilio.messages()).toEqual([]);
  });
});

describe('an appointment', () => {
  const debut = new Date('2026-11-24T12:30:00Z');
  const state = (id: number, version: number, status: string, patientId: number) => ({ id, patientId, medecinId: 45, etablissementId: 1, status, version, confirmedStart: timestampFromDate(debut) });

  test('confirmed, told three times: the patient gets one message, with the time of the établissement', async () => {
    await service.publishUser(43, phoneOf(9043));
    const eventId = randomUUID();
    for (let time = 0; time < 3; time += 1) await service.publish(topics.appointment, AppointmentConfirmedSchema, { appointment: state(801, 2, 'confirmed', 43) }, eventId);
    await service.messagesTo(phoneOf(9043));
    await settledAll();
    const messages = await service.twilio.messages(phoneOf(9043));
    expect(messages.map(({ body }) => body)).toEqual(['Bonjour Mwamba, votre rendez-vous du mardi 24 novembre 2026 à 14 h 30 est confirmé. Détails : https://mediai.example']);
  });

  test('cancelled by the patient: the médecin is told, the patient is not, and what still waited for the patient is dropped', async () => {
    await service.publishUser(44, phoneOf(9044));
    await service.publishUser(45, phoneOf(9045));
    await service.twilio.setFault({ kind: 'status', status: 429 });
    await service.publish(topics.appointment, AppointmentConfirmedSchema, { appointment: state(802, 2, 'confirmed', 44) });
    await eventually(() => service.db.delivery.findFirst({ where: { appointment_id: 802 } }), (row) => row?.etat === 'en_attente' && row.attempts > 0);
    await service.publish(topics.appointment, AppointmentCancelledSchema, { appointment: state(802, 3, 'cancelled', 44), parUserId: 44 });
    await service.twilio.clearFaults();
    expect((await service.messagesTo(phoneOf(9045)))[0]?.body).toBe('Bonjour Mwamba, le patient a annulé son rendez-vous du mardi 24 novembre 2026 à 14 h 30. Votre agenda : https://mediai.example');
    await eventually(() => service.db.delivery.count({ where: { etat: { in: ['en_attente', 'en_cours', 'inconnu'] } } }), (waiting) => waiting === 0);
    expect(await service.twilio.messages(phoneOf(9044))).toEqual([]);
    expect(await service.db.delivery.findFirst({ where: { appointment_id: 802, user_id: 44 } })).toMatchObject({ etat: 'echec', error_code: 'remplace' });
  });
});

test('no name, phone or text is in logs, spans, metrics or events', async () => {
  const { counts, texts } = await service.told();
  for (const count of counts) expect(count).toBeGreaterThan(4);
  for (const text of texts) expect(text).not.toMatch(personnel);
});
