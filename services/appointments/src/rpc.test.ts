import { timestampFromDate, timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AppointmentsService } from '@mediai/contracts/appointments/v1/appointments_service';
import type { AppError } from '@mediai/kit/errors';
import { createSeed } from './deps.ts';
import { openDatabase } from './database-store.ts';
import { secret, startService, tokenOf } from './service.memory.ts';

type Service = Awaited<ReturnType<typeof startService>>;
let service: Service;
let client: Service['client'];

const patient = tokenOf({ sub: '1001', role: 'patient' });
const medecin = tokenOf({ sub: '1002', role: 'medecin' });
const start = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 48 * 3600_000);
const at = (minutes: number) => timestampFromDate(new Date(start.getTime() + minutes * 60_000));
const demande = { medecin: 1002, requestedStart: at(0), requestedEnd: at(30), messagePatient: 'Toux et fièvre-canari' };

beforeAll(async () => {
  service = await startService();
  ({ client } = service);
});
afterAll(() => service.close());

test('a patient asks, the médecin confirms, the patient cancels; names are known', async () => {
  const { appointment, replayed } = await client.createAppointment({ ...demande, fiche: 12, patient: 7 }, { token: patient });
  expect(appointment).toMatchObject({ id: 1000, patient: 1001, patientUsername: 'mwamba.canari', medecin: 1002, medecinUsername: 'ilunga', fiche: 12, status: 'pending', consultationMode: 'distanciel', version: 1, etablissementId: 1 });
  expect(replayed).toBe(false);
  expect(appointment?.requestedStart && timestampDate(appointment.requestedStart)).toEqual(start);
  expect(service.seenByConsultation).toEqual([1001]);

  const confirmed = await client.confirmAppointment({ id: 1000, confirmedStart: at(5), confirmedEnd: at(35), messageMedecin: 'À jeun', versionAttendue: 1 }, { token: medecin });
  expect(confirmed.appointment).toMatchObject({ status: 'confirmed', messageMedecin: 'À jeun', messagePatient: 'Toux et fièvre-canari', version: 2 });
  const listed = await client.listAppointments({ status: ['confirmed'], page: 1, pageSize: 20 }, { token: medecin });
  expect(listed).toMatchObject({ appointments: [{ id: 1000, patientUsername: 'mwamba.canari' }], count: 1, countExact: true });
  const cancelled = await client.cancelAppointment({ id: 1000, message: 'En voyage' }, { token: patient });
  expect(cancelled.appointment).toMatchObject({ status: 'cancelled', cancelMessage: 'En voyage', messagePatient: 'Toux et fièvre-canari' });
  expect((await client.getAppointment({ id: 1000 }, { token: patient })).appointment).toEqual(cancelled.appointment);
});

test('a token that auth has revoked is refused', async () => {
  const revoked = tokenOf({ sub: '1099', role: 'patient' });
  await expect(client.listAppointments({ page: 1, pageSize: 20 }, { token: revoked })).rejects.toMatchObject({ kind: 'unauthenticated', code: 'token_not_valid' });
});

test('auth is asked once about users who are not known yet', async () => {
  await client.createAppointment(demande, { token: patient });
  expect(service.asked).toEqual([[1001, 1002]]);
});

test('a repeated request is answered as the first time and says so; with another body it is refused', async () => {
  const options = { token: patient, idempotencyKey: 'clé 1' };
  const first = await client.createAppointment(demande, options);
  const again = await Promise.all([client.createAppointment(demande, options), client.createAppointment(demande, options)]);
  for (const { appointment, replayed } of again) {
    expect(appointment).toEqual(first.appointment);
    expect(replayed).toBe(true);
  }
  await expect(client.createAppointment({ ...demande, messagePatient: 'autre' }, options)).rejects.toMatchObject({ kind: 'unprocessable' });
  const id = first.appointment?.id ?? 0;
  const declined = await client.declineAppointment({ id }, { token: medecin, idempotencyKey: 'd' });
  expect(await client.declineAppointment({ id }, { token: medecin, idempotencyKey: 'd' })).toEqual(declined);
  expect(await service.deps.prune()).toBe(0);
  await expect(client.declineAppointment({ id }, { token: medecin })).rejects.toMatchObject({ kind: 'invalid', code: 'appointment.etat_invalide' });
});

test('each change wants the version that was read, and gives the next one', async () => {
  const { appointment } = await client.createAppointment(demande, { token: patient });
  const id = appointment?.id ?? 0;
  const times = { confirmedStart: at(600), confirmedEnd: at(630) };
  const stale = { kind: 'stale' };
  for (const versionAttendue of [0, 2]) {
    await expect(client.confirmAppointment({ id, ...times, versionAttendue }, { token: medecin })).rejects.toMatchObject(stale);
    await expect(client.declineAppointment({ id, versionAttendue }, { token: medecin })).rejects.toMatchObject(stale);
    await expect(client.cancelAppointment({ id, versionAttendue }, { token: patient })).rejects.toMatchObject(stale);
  }
  expect((await client.confirmAppointment({ id, ...times, versionAttendue: 1 }, { token: medecin })).appointment?.version).toBe(2);
  await expect(client.cancelAppointment({ id, versionAttendue: 1 }, { token: patient })).rejects.toMatchObject(stale);
  expect((await client.cancelAppointment({ id, versionAttendue: 2 }, { token: patient })).appointment?.version).toBe(3);
  const other = (await client.createAppointment(demande, { token: patient })).appointment;
  expect((await client.declineAppointment({ id: other?.id ?? 0, versionAttendue: 1 }, { token: medecin })).appointment?.version).toBe(2);
});

test('of many changes that read one version one is made', async () => {
  const id = (await client.createAppointment(demande, { token: patient })).appointment?.id ?? 0;
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => client.cancelAppointment({ id, versionAttendue: 1 }, { token: patient }).then(() => 'done', ({ kind }: AppError) => kind)));
  expect(outcomes.toSorted()).toEqual(['done', ...Array.from({ length: 7 }, () => 'stale')]);
});

test('every act under one key is done once, told once and audited once; with another body, or by another, it is another', async () => {
  const created = await client.createAppointment(demande, { token: patient, idempotencyKey: 'c2' });
  const id = created.appointment?.id ?? 0;
  const times = { id, confirmedStart: at(900), confirmedEnd: at(930), messageMedecin: 'À jeun' };
  const confirm = (more: object = {}) => client.confirmAppointment({ ...times, ...more }, { token: medecin, idempotencyKey: 'k2' });
  const cancel = (message: string, token = patient) => client.cancelAppointment({ id, message }, { token, idempotencyKey: 'k2' });

  const confirmed = await confirm();
  expect(await Promise.all([confirm(), confirm()])).toEqual([confirmed, confirmed]);
  await expect(confirm({ messageMedecin: 'autre' })).rejects.toMatchObject({ kind: 'unprocessable' });
  const cancelled = await cancel('En voyage');
  expect(cancelled.appointment).toMatchObject({ status: 'cancelled', version: 3 });
  expect(await cancel('En voyage')).toEqual(cancelled);
  expect(await confirm()).toEqual(confirmed);
  await expect(cancel('autre')).rejects.toMatchObject({ kind: 'unprocessable' });
  await expect(cancel('En voyage', medecin)).rejects.toMatchObject({ kind: 'invalid', code: 'appointment.etat_invalide' });

  const { db, close } = openDatabase(service.database.appUrl);
  expect((await db.outbox.findMany({ where: { key: String(id) }, orderBy: { id: 'asc' }, select: { type: true } })).map(({ type }) => type.split('.').at(-1))).toEqual(['AppointmentRequested', 'AppointmentConfirmed', 'AppointmentCancelled']);
  expect((await db.audit.findMany({ where: { objet_id: String(id) }, orderBy: { id: 'asc' }, select: { action: true, acteur_id: true } })).map(({ action, acteur_id: by }) => [action, by])).toEqual([['appointment.demander', 1001], ['appointment.confirmer', 1002], ['appointment.annuler', 1001]]);
  await close();
});

test('a key whose call failed is free to be used again', async () => {
  const options = { token: patient, idempotencyKey: 'c3' };
  await expect(client.createAppointment({ ...demande, medecin: 424_242 }, options)).rejects.toMatchObject({ kind: 'invalid' });
  expect((await client.createAppointment(demande, options)).appointment?.status).toBe('pending');
});

test('errors cross the wire with their fields and codes', async () => {
  await expect(client.createAppointment({ ...demande, fiche: 13 }, { token: patient })).rejects.toMatchObject({ kind: 'invalid', fields: { fiche: ['Cette fiche est inconnue.'] } });
  await expect(client.createAppointment({ ...demande, requestedEnd: at(0) }, { token: patient })).rejects.toMatchObject({ fields: { requested_end: ['La fin doit être postérieure au début.'] } });
  await expect(client.createAppointment({ ...demande, requestedStart: { seconds: 9_000_000_000_000n } }, { token: patient })).rejects.toMatchObject({ fields: { requested_start: expect.anything() } });
  await expect(client.confirmAppointment({ id: 1000, confirmedStart: at(0), confirmedEnd: at(30) }, { token: patient })).rejects.toMatchObject({ kind: 'forbidden', code: 'acces.refuse' });
  await expect(client.getAppointment({ id: 1000 }, { token: tokenOf({ sub: '77', role: 'patient' }) })).rejects.toMatchObject({ kind: 'not_found' });
  await expect(client.listAppointments({}, { token: tokenOf({ sub: '78', role: 'medecin', approuve: false }) })).rejects.toMatchObject({ kind: 'forbidden', code: 'compte.en_attente' });
  await expect(client.getAppointment({ id: 1000 }, { token: tokenOf({ sub: '79', role: 'medecin' }) })).rejects.toMatchObject({ code: 'acces.motif_requis' });
  expect((await client.getAppointment({ id: 1000 }, { token: tokenOf({ sub: '79', role: 'medecin' }), accessReason: 'Remplacement' })).appointment?.id).toBe(1000);
});

test('every method but the health checks wants a valid token', async () => {
  const calls = [client.createAppointment({}), client.getAppointment({ id: 1 }), client.listAppointments({}), client.confirmAppointment({ id: 1 }), client.declineAppointment({ id: 1 }), client.cancelAppointment({ id: 1 })];
  expect(calls).toHaveLength(AppointmentsService.methods.length);
  for (const call of calls) await expect(call).rejects.toMatchObject({ kind: 'unauthenticated', code: 'token_not_valid' });
  expect((await service.health.getChecks({})).checks).toEqual({ database: 'ok', schema: 'ok', kafka: 'degraded', workers: expect.stringMatching(/ok|degraded/) });
});

test('the demonstration appointments are made once', async () => {
  const config = { MEDIAI_MODE: 'test' as const, LOG_LEVEL: 'silent' as const, DATABASE_URL: service.database.appUrl, SERVICE_SECRET: secret };
  const seed = createSeed(config);
  expect(await seed.seedDemo()).toEqual([1, 2, 3]);
  expect(await seed.seedDemo()).toEqual([]);
  await seed.close();
  const listed = await client.listAppointments({ page: 1, pageSize: 20 }, { token: tokenOf({ sub: '1', role: 'patient' }) });
  expect(listed.appointments.map(({ id, status }) => [id, status]).sort()).toEqual([[1, 'confirmed'], [2, 'pending'], [3, 'pending']]);
});

test('no log line, no metric and no event holds a name or what was typed', async () => {
  expect(service.lines.length).toBeGreaterThan(0);
  const { db, close } = openDatabase(service.database.appUrl);
  const payloads = (await db.outbox.findMany({ select: { payload: true } })).map(({ payload }) => Buffer.from(payload ?? []).toString('latin1'));
  await close();
  expect(payloads.length).toBeGreaterThan(3);
  const told = `${service.lines.join('')}${payloads.join('')}${(await service.metrics.expose('application/openmetrics-text')).body}`.toLowerCase();
  expect(told).toContain('db_query_duration_seconds_count{');
  for (const canary of ['canari', 'ilunga', 'voyage', 'jeun', patient.toLowerCase(), secret]) expect(told).not.toContain(canary);
});

test('with consultation away an appointment without a fiche is asked for, and one with a fiche is told to come back', async () => {
  await service.consultation.close(0);
  await expect(client.createAppointment({ ...demande, fiche: 12 }, { token: patient })).rejects.toMatchObject({ kind: 'unavailable', retryAfterSeconds: expect.any(Number) });
  expect((await client.createAppointment(demande, { token: patient })).appointment?.status).toBe('pending');
});
