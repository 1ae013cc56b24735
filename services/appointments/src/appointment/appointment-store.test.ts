import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { AppError } from '@mediai/kit/errors';
import { runWithRequest } from '@mediai/kit/telemetry';
import { createTestDatabase, explain, multiplyRow, type TestDatabase } from '@mediai/testing';
import { retrying } from '../database-errors.ts';
import { openDatabase, type Database } from '../database-store.ts';
import { createAppointmentsMetrics } from '../metrics.ts';
import { createMemoryAppointments } from './appointment-store.memory.ts';
import { createAppointmentStore } from './appointment-store.ts';
import { ATTENTE, createLireAttente } from './attente-store.ts';
import { createConfirmAppointment } from './confirm-appointment.ts';
import { transition, type Appointment, type NewAppointment } from './appointment.ts';
import { actionMotif, type AppointmentStore, type Decision, type Effets, type FiltreAppointments, type Idempotence } from './ports.ts';

const at = new Date('2026-03-02T08:00:00.123Z');
const minutes = (count: number): Date => new Date(Date.UTC(2026, 2, 5, 9, count));
const medecin: Acteur = { id: 2, role: 'medecin', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: '' };
const requested: Effets = { acte: { acteur: { id: 1, role: 'patient', estAdmin: false }, action: 'appointment.demander' }, evenement: { type: 'AppointmentRequested' } };
const confirmedEffets: Effets = { acte: { acteur: medecin, action: 'appointment.confirmer' }, evenement: { type: 'AppointmentConfirmed' } };

/** Each test has a patient and a médecin of its own, so that they do not meet. */
let nextUser = 50_000;

function newAppointment(changes: Partial<NewAppointment> = {}): NewAppointment {
  return {
    patient: 1, medecin: null, fiche: null, etablissementId: 1, requestedStart: minutes(0), requestedEnd: minutes(30), consultationMode: 'distanciel', locationNote: null, messagePatient: null, ...changes,
  };
}

const confirmation = (medecin: number, from: number, to: number) => (): Decision => ({
  ...confirmedEffets, changement: { status: 'confirmed', medecin, confirmedStart: minutes(from), confirmedEnd: minutes(to), messageMedecin: null },
});
const cancellation = (): Decision => ({ changement: { status: 'cancelled', cancelMessage: 'Voyage' }, acte: requested.acte, evenement: { type: 'AppointmentCancelled', parUserId: 1 } });

function contract(open: () => Promise<AppointmentStore>): void {
  let store: AppointmentStore;
  beforeAll(async () => {
    store = await open();
  });

  async function create(changes: Partial<NewAppointment> = {}, createdAt = at): Promise<Appointment> {
    const outcome = await store.create(newAppointment(changes), requested, { at: createdAt });
    if ('rejouee' in outcome) throw new Error('replayed');
    return outcome.cree;
  }

  const list = (filtre: Partial<FiltreAppointments>) => store.list({ status: [], page: 1, pageSize: 20, ...filtre });

  test('an appointment comes back as it was made, with names, from id 1000 on, at version 1', async () => {
    const wanted = newAppointment({ medecin: 2, fiche: 12, consultationMode: 'presentiel', locationNote: 'Salle 3', messagePatient: "L'été ‏مرحبا 🌿 e\u0301" });
    const outcome = await store.create(wanted, requested, { at });
    expect(outcome).toEqual({
      cree: {
        ...wanted, id: expect.any(Number), patientUsername: 'patient.demo', medecinUsername: 'medecin.demo', confirmedStart: null, confirmedEnd: null, status: 'pending', messageMedecin: null, cancelMessage: null,
        createdAt: at, updatedAt: at, version: 1,
      },
    });
    const cree = 'cree' in outcome ? outcome.cree : undefined;
    expect(cree?.id).toBeGreaterThanOrEqual(1000);
    expect(await store.find(cree?.id ?? 0)).toEqual(cree);
    expect(await store.find(424_242)).toBeUndefined();
    expect(await create({ patient: 77 })).toMatchObject({ patientUsername: null, medecinUsername: null });
  });

  test('a change says what it changes, keeps the rest, and raises the version', async () => {
    const doctor = nextUser++;
    const { id } = await create({ messagePatient: 'Contrôle' });
    const later = new Date(at.getTime() + 60_000);
    const decision: Decision = { ...confirmedEffets, changement: { ...confirmation(doctor, 5, 35)().changement, messageMedecin: 'À jeun' } };
    expect(await store.change(id, () => decision, { at: later })).toMatchObject({
      ecrit: { id, status: 'confirmed', medecin: doctor, confirmedStart: minutes(5), confirmedEnd: minutes(35), messagePatient: 'Contrôle', messageMedecin: 'À jeun', createdAt: at, updatedAt: later, version: 2 },
    });
    expect(await store.change(id, cancellation, { at: later })).toMatchObject({
      ecrit: { status: 'cancelled', medecin: doctor, confirmedStart: minutes(5), messagePatient: 'Contrôle', messageMedecin: 'À jeun', cancelMessage: 'Voyage', version: 3 },
    });
  });

  test('what the decision throws changes nothing; it is told when there is no such appointment', async () => {
    const { id, version } = await create();
    const refusing = (): never => {
      throw new AppError('forbidden');
    };
    await expect(store.change(id, refusing, { at })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(store.change(424_242, (appointment) => (appointment ? cancellation() : refusing()), { at })).rejects.toMatchObject({ kind: 'forbidden' });
    expect(await store.find(id)).toMatchObject({ status: 'pending', version });
  });

  test("no two confirmed appointments of a médecin overlap; touching ones and another médecin's may be", async () => {
    const doctor = nextUser++;
    const [one, two] = [await create(), await create()];
    expect(await store.change(one.id, confirmation(doctor, 0, 30), { at })).toMatchObject({ ecrit: { status: 'confirmed' } });
    for (const [from, to] of [[0, 30], [29, 59], [-29, 1], [10, 20], [-30, 60]] as const) expect(await store.change(two.id, confirmation(doctor, from, to), { at })).toBe('creneau_pris');
    expect(await store.find(two.id)).toMatchObject({ status: 'pending', version: 1 });
    expect(await store.change(two.id, confirmation(doctor, 30, 60), { at })).toMatchObject({ ecrit: { status: 'confirmed' } });
    expect(await store.change((await create()).id, confirmation(nextUser++, 0, 30), { at })).toMatchObject({ ecrit: { status: 'confirmed' } });
    expect(await store.change((await create()).id, confirmation(doctor, -30, 0), { at })).toMatchObject({ ecrit: { status: 'confirmed' } });
  });

  test('a cancelled appointment frees its time', async () => {
    const doctor = nextUser++;
    const [one, two] = [await create(), await create()];
    await store.change(one.id, confirmation(doctor, 0, 30), { at });
    await store.change(one.id, cancellation, { at });
    expect(await store.change(two.id, confirmation(doctor, 0, 30), { at })).toMatchObject({ ecrit: { status: 'confirmed' } });
  });

  test('of many who answer the same appointment at once, one does', async () => {
    const { id } = await create();
    const decide = (appointment: Appointment | undefined): Decision => ({ ...cancellation(), changement: { status: transition(appointment?.status ?? 'declined', 'annuler') } });
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => store.change(id, decide, { at }).catch((error: AppError) => error.code)));
    expect(outcomes.filter((outcome) => typeof outcome === 'object')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'perdue' || outcome === 'appointment.etat_invalide')).toHaveLength(7);
    expect(await store.find(id)).toMatchObject({ version: 2 });
  });

  test('a list is filtered, newest first, in pages', async () => {
    const [patient, doctor] = [nextUser++, nextUser++];
    const made: Appointment[] = [];
    for (let day = 0; day < 5; day++) {
      const start = new Date(Date.UTC(2027, 0, 1 + day, 9));
      made.push(await create({ patient, etablissementId: doctor, medecin: day === 4 ? nextUser++ : null, requestedStart: start, requestedEnd: new Date(start.getTime() + 1) }, new Date(at.getTime() + (day === 3 ? 2 : day))));
    }
    const [first, second, third, fourth, fifth] = made.map(({ id }) => id);
    const ids = async (filtre: Partial<FiltreAppointments>) => (await list({ patient, ...filtre })).appointments.map(({ id }) => id);
    expect(await ids({})).toEqual([fifth, fourth, third, second, first]);
    expect(await list({ patient, page: 2, pageSize: 2 })).toMatchObject({ appointments: [{ id: third }, { id: second }], count: 5, countExact: true });
    expect(await ids({ patient: undefined, etablissementId: doctor, visibleDe: doctor })).toEqual([fourth, third, second, first]);
    expect(await ids({ etablissementId: 1 })).toEqual([]);
    expect(await ids({ visibleDe: patient })).toEqual([fifth, fourth, third, second, first]);
    expect(await ids({ depuis: new Date('2027-01-02T09:00:00Z'), avant: new Date('2027-01-04T09:00:00Z') })).toEqual([third, second]);
    await store.change(first ?? 0, confirmation(doctor, 0, 30), { at });
    expect(await ids({ status: ['confirmed', 'declined'] })).toEqual([first]);
    expect(await ids({ avant: new Date('2026-12-31T00:00:00Z') })).toEqual([first]);
  });

  test('a repeated request has one effect and the first answer; the same key with another body is refused', async () => {
    const patient = nextUser++;
    const key = (corps: string): Idempotence => ({ acteurId: patient, route: 'creer', cle: 'k-1', corps: Buffer.from(corps), ecrire: ({ id, patientUsername }) => Buffer.from(`${id} ${patientUsername}`) });
    const ask = (corps = 'a') => store.create(newAppointment({ patient }), requested, { at, idempotence: key(corps) });
    expect(await store.rejouer(key('a'))).toBeUndefined();
    const first = await ask();
    const answer = `${'cree' in first ? first.cree.id : ''} null`;
    const again = await Promise.all([ask(), store.rejouer(key('a')).then((rejouee) => ({ rejouee }))]);
    for (const { rejouee } of again as { rejouee: Uint8Array }[]) expect(Buffer.from(rejouee).toString()).toBe(answer);
    await expect(ask('b')).rejects.toMatchObject({ kind: 'unprocessable' });
    await expect(store.rejouer(key('b'))).rejects.toMatchObject({ kind: 'unprocessable' });
    expect((await list({ patient })).count).toBe(1);
  });

  test('a repeated answer has one effect too, and a refused one leaves the key free', async () => {
    const { id } = await create();
    const idempotence: Idempotence = { acteurId: nextUser++, route: 'annuler', cle: 'k-2', corps: Buffer.from('x'), ecrire: ({ version }) => Buffer.from([version]) };
    await expect(store.change(id, () => { throw new AppError('stale'); }, { at, idempotence })).rejects.toMatchObject({ kind: 'stale' });
    expect(await store.change(id, cancellation, { at, idempotence })).toMatchObject({ ecrit: { version: 2 } });
    const replayed = await store.change(id, cancellation, { at, idempotence });
    expect([...('rejouee' in (replayed as object) ? (replayed as { rejouee: Uint8Array }).rejouee : [])]).toEqual([2]);
    expect(await store.find(id)).toMatchObject({ version: 2 });
  });

  test('a first answer is given again only where the appointment may be seen', async () => {
    const { id } = await create();
    const idempotence: Idempotence = { acteurId: nextUser++, route: 'annuler', cle: 'k-3', corps: Buffer.from('x'), ecrire: () => Buffer.from('seen') };
    await store.change(id, cancellation, { at, idempotence });
    const juger = (): never => {
      throw new AppError('not_found');
    };
    await expect(store.change(id, cancellation, { at, idempotence, juger })).rejects.toMatchObject({ kind: 'not_found' });
    expect(await store.change(id, cancellation, { at, idempotence, juger: () => undefined })).toHaveProperty('rejouee');
  });

  test('a reason given is remembered for who gave it and what it was for', async () => {
    const appointment = await create();
    const before = new Date(Date.now() - 60_000);
    await store.noter(appointment, { acteur: { ...medecin, id: 9 }, action: actionMotif, raison: 'Remplacement' });
    await store.noter(appointment, { acteur: medecin, action: 'appointment.lire' });
    expect(await store.motifDonne(appointment.id, 9, before)).toBe(true);
    expect(await store.motifDonne(appointment.id, 9, new Date(Date.now() + 60_000))).toBe(false);
    expect(await store.motifDonne(appointment.id, 2, before)).toBe(false);
    expect(await store.motifDonne(424_242, 9, before)).toBe(false);
  });
}

describe('in memory', () => {
  contract(async () => createMemoryAppointments(new Map([[1, 'patient.demo'], [2, 'medecin.demo']])));
});

describe('on PostgreSQL', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let store: AppointmentStore;
  let commits = 0;

  const metrics = createAppointmentsMetrics();
  beforeAll(async () => {
    testDatabase = await createTestDatabase('appointments');
    database = openDatabase(testDatabase.appUrl, metrics);
    store = createAppointmentStore(database.db, { hashKey: 'k', committed: () => void commits++ });
    const common = { first_name: '', last_name: '', is_staff: false, is_active: true, approuve: true, is_available: true, etablissement_id: 1, version: 1 };
    await database.db.userProjection.createMany({ data: [{ ...common, id: 1, username: 'patient.demo', role: 'patient' }, { ...common, id: 2, username: 'medecin.demo', role: 'medecin' }] });
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  contract(async () => store);

  async function create(changes: Partial<NewAppointment> = {}): Promise<Appointment> {
    const outcome = await store.create(newAppointment(changes), requested, { at });
    if ('rejouee' in outcome) throw new Error('replayed');
    return outcome.cree;
  }

  test('row, event and audit line are written together or not at all', async () => {
    const { db } = database;
    const [outbox, rows] = [await db.outbox.count(), await db.appointment.count()];
    const broken = { ...requested, acte: { acteur: null, action: null as unknown as string } };
    await expect(store.create(newAppointment(), broken, { at })).rejects.toThrow();
    expect([await db.outbox.count(), await db.appointment.count()]).toEqual([outbox, rows]);
    const { id } = await create();
    await store.change(id, confirmation(nextUser++, 0, 30), { at });
    expect(await db.outbox.findMany({ where: { key: String(id) }, orderBy: { id: 'asc' }, select: { topic: true, type: true } })).toEqual(
      ['AppointmentRequested', 'AppointmentConfirmed'].map((name) => ({ topic: 'mediai.appointments.appointment.v1', type: `mediai.appointments.v1.${name}` })));
    expect(await db.audit.findMany({ where: { objet_type: 'appointment', objet_id: String(id) }, orderBy: { id: 'asc' }, select: { action: true, acteur_id: true, acteur_role: true, etablissement_id: true } })).toEqual([
      { action: 'appointment.demander', acteur_id: 1, acteur_role: 'patient', etablissement_id: 1 }, { action: 'appointment.confirmer', acteur_id: 2, acteur_role: 'medecin', etablissement_id: 1 },
    ]);
    expect(commits).toBeGreaterThan(0);
  });

  test('how many wait for an answer is counted by those that wait alone', async () => {
    const { id } = await create();
    await multiplyRow(testDatabase.ownerUrl, { table: 'appointment', where: `id = ${id}`, count: 5_000, ecarts: { status: `CASE WHEN g <= 20 THEN 'pending' ELSE 'declined' END`, deleted_at: 'CASE WHEN g <= 5 THEN now() END' } });
    const metrics = createAppointmentsMetrics();
    await createLireAttente(database.db, metrics)();
    const waiting = await database.db.appointment.count({ where: { status: 'pending', deleted_at: null } });
    expect(waiting).toBeGreaterThanOrEqual(16);
    expect(await metrics.registry.metrics()).toContain(`appointments_waiting{service="appointments"} ${waiting}\n`);
    expect(await explain(testDatabase.ownerUrl, ATTENTE)).toEqual({ lues: waiting, chemins: ['appointment_attente_partial'], entieres: [] });
    await database.db.appointment.updateMany({ where: { id: { gt: id } }, data: { deleted_at: at } });
  });

  test('a reading and a refusal are audited with who, in what quality, from where and how it ended', async () => {
    const { db } = database;
    const { id, etablissementId } = await create();
    await runWithRequest({ requestId: 'r1', adresse: '198.51.100.7' }, () => store.noter({ id, etablissementId }, { acteur: { ...medecin, role: 'patient', estAdmin: true }, action: 'appointment.lire' }));
    await store.noter({ id, etablissementId }, { acteur: medecin, action: 'appointment.annuler', issue: 'refus', raison: 'appointment.autre_medecin' });
    const rows = await db.audit.findMany({ where: { objet_type: 'appointment', objet_id: String(id) }, orderBy: { id: 'asc' }, omit: { id: true, le: true, objet_type: true, objet_id: true } });
    expect(rows.slice(1)).toEqual([
      { acteur_id: 2, acteur_role: 'admin', action: 'appointment.lire', etablissement_id: 1, adresse: '198.51.100.7', request_id: 'r1', issue: 'ok', raison: null },
      { acteur_id: 2, acteur_role: 'medecin', action: 'appointment.annuler', etablissement_id: 1, adresse: null, request_id: null, issue: 'refus', raison: 'appointment.autre_medecin' },
    ]);
  });

  test('appointments that are shown together have a row each, once an hour for each reader', async () => {
    const shown = [await create(), await create()];
    for (let i = 0; i < 2; i++) await store.noterPage(shown, medecin);
    await store.noterPage([], medecin);
    const rows = await database.db.audit.findMany({ where: { action: 'appointment.lister' }, orderBy: { id: 'asc' } });
    expect(rows.map(({ objet_id: id, acteur_id: by, acteur_role: role }) => [id, by, role])).toEqual(shown.map(({ id }) => [String(id), 2, 'medecin']));
  });

  test('of a hundred rivals for one slot one wins, none waits for a deadlock, and the others are told that it is taken', async () => {
    const doctor = { ...medecin, id: nextUser++ };
    const rivals = await Promise.all(Array.from({ length: 100 }, () => create({ medecin: doctor.id })));
    const confirm = createConfirmAppointment({ appointments: store, compter: () => undefined, clock: () => at });
    /** Transactions that PostgreSQL gave up, deadlocks among them: each takes a second to be seen. */
    const givenUp = async (): Promise<string[]> => (await metrics.registry.metrics()).split('\n').filter((line) => /^db_errors_total\{.*code="40"/.test(line));
    const before = await givenUp();
    const outcomes = await Promise.all(rivals.map(({ id }, index) => confirm({ acteur: doctor, id, confirmedStart: minutes(index % 20), confirmedEnd: minutes(30) }).then(() => 'won', (error: AppError) => error.code)));
    expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'appointment.creneau_pris')).toHaveLength(99);
    expect(await givenUp()).toEqual(before);
    const won = rivals[outcomes.indexOf('won')]?.id ?? 0;
    await store.change(won, cancellation, { at });
    const next = rivals.find(({ id }) => id !== won)?.id ?? 0;
    expect(await store.change(next, confirmation(doctor.id, 0, 30), { at })).toMatchObject({ ecrit: { status: 'confirmed' } });
    expect(await database.db.appointment.count({ where: { medecin_id: doctor.id, status: 'confirmed' } })).toBe(1);
  });

  test('the database itself refuses what no code may write', async () => {
    const { id } = await create();
    const { db } = database;
    await expect(db.$executeRaw`UPDATE appointment SET status = 'fini' WHERE id = ${id}`).rejects.toThrow('appointment_status_check');
    await expect(db.$executeRaw`UPDATE appointment SET consultation_mode = 'visio' WHERE id = ${id}`).rejects.toThrow('appointment_consultation_mode_check');
    await expect(db.$executeRaw`UPDATE appointment SET requested_end = requested_start WHERE id = ${id}`).rejects.toThrow('appointment_requested_check');
    await expect(db.$executeRaw`UPDATE appointment SET confirmed_start = now() WHERE id = ${id}`).rejects.toThrow('appointment_confirmed_check');
    await expect(db.$executeRaw`UPDATE appointment SET status = 'confirmed' WHERE id = ${id}`).rejects.toThrow('appointment_agreed_check');
  });

  test('the service can add to the audit and read it, never change it', async () => {
    const { db } = database;
    expect(await db.audit.count()).toBeGreaterThan(0);
    for (const sql of ["UPDATE audit SET issue = 'ok'", 'DELETE FROM audit', 'TRUNCATE audit', 'ALTER TABLE audit ADD COLUMN x int']) await expect(db.$executeRawUnsafe(sql)).rejects.toThrow();
  });

  test('two transactions that wait for each other both end well: the one that is given up is tried again', async () => {
    const [one, two] = [await create(), await create()];
    let attempts = 0;
    const bothHold = Promise.withResolvers<void>();
    let holding = 0;
    const touchInTurn = (first: number, second: number) => retrying(() => database.db.$transaction(async (tx) => {
      attempts++;
      await tx.$executeRaw`UPDATE appointment SET location_note = 'x' WHERE id = ${first}`;
      if ((holding += 1) === 2) bothHold.resolve();
      await bothHold.promise;
      await tx.$executeRaw`UPDATE appointment SET location_note = 'x' WHERE id = ${second}`;
    }));
    await Promise.all([touchInTurn(one.id, two.id), touchInTurn(two.id, one.id)]);
    expect(attempts).toBeGreaterThan(2);
  });

  test('a database that is away is unavailable, not an internal error', async () => {
    const away = openDatabase('postgresql://nobody:nothing@127.0.0.1:9/appointments');
    const { find, change } = createAppointmentStore(away.db, { hashKey: 'k', committed: () => undefined });
    await expect(find(1)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(change(1, cancellation, { at })).rejects.toMatchObject({ kind: 'unavailable' });
    await away.close();
  });
});
