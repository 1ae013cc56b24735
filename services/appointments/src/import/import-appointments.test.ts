import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '@mediai/db/admin';
import { runImport } from '@mediai/import-django';
import { aFiche, anAppointment, aUser, createOriginal, type Original } from '@mediai/import-django/original';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { appointmentFormes, createImportAppointments } from './import-appointments.ts';
import { openAppointmentImportStore } from './import-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'mediai-import-'));
let original: Original;
let database: TestDatabase;

const at = (hours: string): string => `2026-04-01 ${hours}:00+02`;
const confirmed = (from: string, to: string) => ({ status: 'confirmed', confirmed_start: at(from), confirmed_end: at(to) });

beforeAll(async () => {
  [original, database] = await Promise.all([createOriginal(), createTestDatabase('appointments')]);
  await original.insert('authentication_customuser', aUser(1), aUser(2, { role: 'medecin' }), aUser(3, { role: 'medecin' }), aUser(4));
  await original.insert('chat_ficheconsultation', aFiche(1));
  await original.insert(
    'chat_appointment',
    anAppointment(1, { fiche_id: 1 }),
    anAppointment(2, { ...confirmed('09:00', '09:30'), message_medecin: 'Venez à jeun' }),
    anAppointment(3, confirmed('09:15', '09:45')),
    anAppointment(4, confirmed('09:30', '10:00')),
    anAppointment(5, { ...confirmed('09:00', '09:30'), medecin_id: 3 }),
    anAppointment(6, { status: 'cancelled', confirmed_start: at('09:00'), confirmed_end: at('09:30') }),
    anAppointment(7, { patient_id: 99 }),
    anAppointment(8, { medecin_id: 98, fiche_id: 97 }),
    anAppointment(9, { ...confirmed('11:00', '11:30'), medecin_id: null }),
    anAppointment(10, { requested_end: '2026-01-01 00:00:00+02' }),
    anAppointment(11, { requested_start: '0001-01-01 00:00:00+00' }),
    anAppointment(12, { status: 'done' }),
    anAppointment(13, { consultation_mode: 'video', confirmed_start: at('12:00'), location_note: '' }),
    anAppointment(14, { message_patient: 'é'.repeat(6_000), created_at: 'infinity' }),
    anAppointment(15, { patient_id: 4 }),
    anAppointment(16, { ...confirmed('09:20', '10:00'), patient_id: 4, medecin_id: 3 }),
    anAppointment(17, { ...confirmed('14:00', '14:30'), status: 'declined', medecin_id: null }),
    anAppointment(60, { ...confirmed('09:25', '10:00'), medecin_id: 3 }),
  );
  writeFileSync(join(folder, 'auth.json'), `{"ecarts":[\n${JSON.stringify({ table: 'authentication_customuser', id: 4, colonne: 'role', raison: 'x', effet: 'ligne' })}\n]}`);
});

afterAll(async () => {
  await Promise.all([original.drop(), database.drop()]);
});

const query = async (sql: string): Promise<Record<string, unknown>[]> => (await withClient(database.ownerUrl, (client) => client.query(sql))).rows;

async function run(name: string, args: string[] = []) {
  const lines: string[] = [];
  const code = await runImport({
    service: 'appointments', argv: ['django', original.url, '--report', join(folder, name), '--after', join(folder, 'auth.json'), ...args], env: {}, formes: appointmentFormes, signal: new AbortController().signal,
    open: ({ etablissementId }) => createImportAppointments(openAppointmentImportStore(database.appUrl), etablissementId),
    say: (line) => lines.push(line),
  });
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { ecarts: { id: number; colonne: string; effet: string; raison: string }[]; tables: Record<string, object>; non_reprises: object };
  return { code, report, faults: report.ecarts.map(({ id, colonne, effet }) => `${id} ${colonne}${effet === 'ligne' ? ' ligne' : ''}`).sort() };
}

const misfits = [
  '3 confirmed_start ligne', '60 confirmed_start ligne', '7 patient_id', '7 patient_id ligne', '8 medecin_id', '8 fiche_id', '9 medecin_id ligne', '10 requested_end ligne', '11 requested_start', '11 requested_end ligne',
  '12 status ligne', '13 consultation_mode', '13 confirmed_start', '14 message_patient', '14 created_at', '15 patient_id', '15 patient_id ligne', '16 patient_id', '16 patient_id ligne',
].sort();

test('a dry run says everything, overlaps included, and writes nothing', async () => {
  await original.client.query('ALTER TABLE chat_appointment ADD COLUMN rappel_envoye boolean');
  await original.insert('chat_medecinavailability', { id: 1, day_of_week: 0, medecin_id: 2 });
  const { code, faults, report } = await run('dry.json');
  expect({ code, faults }).toEqual({ code: 1, faults: misfits });
  expect(report).toMatchObject({ non_reprises: { chat_medecinavailability: 1 }, colonnes_non_reprises: ['chat_appointment.rappel_envoye'] });
  for (const table of ['appointment', 'outbox', 'audit', 'imported_row']) expect(await query(`SELECT 1 FROM ${table}`)).toEqual([]);
});

describe('applied', () => {
  let applied: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    await query('ALTER SEQUENCE appointment_id_seq RESTART WITH 1');
    applied = await run('apply.json', ['--apply']);
  });

  test('it does what the dry run said', async () => {
    expect(applied).toMatchObject({ code: 1, faults: misfits });
    expect((await query('SELECT id FROM appointment ORDER BY id')).map(({ id }) => id)).toEqual([1, 2, 4, 5, 6, 8, 13, 14, 17]);
    expect(await query("SELECT nextval('appointment_id_seq')::int AS n")).toEqual([{ n: 61 }]);
  });

  test('states, times and texts are kept', async () => {
    expect(await query('SELECT * FROM appointment WHERE id IN (1, 2) ORDER BY id')).toMatchObject([
      { patient_id: 1, medecin_id: 2, fiche_id: 1, etablissement_id: 1, status: 'pending', consultation_mode: 'presentiel', requested_start: new Date('2026-04-02T07:00:00Z'), message_patient: 'Contrôle de ma tension', version: 1 },
      { status: 'confirmed', confirmed_start: new Date('2026-04-01T07:00:00Z'), confirmed_end: new Date('2026-04-01T07:30:00Z'), message_medecin: 'Venez à jeun', created_at: new Date('2026-03-20T06:00:00Z') },
    ]);
    expect(await query('SELECT medecin_id, fiche_id, consultation_mode, confirmed_start, location_note FROM appointment WHERE id IN (8, 13) ORDER BY id')).toEqual([
      { medecin_id: null, fiche_id: null, consultation_mode: 'presentiel', confirmed_start: null, location_note: null }, { medecin_id: 2, fiche_id: null, consultation_mode: 'distanciel', confirmed_start: null, location_note: null },
    ]);
  });

  test('nobody is told of what happened long ago', async () => {
    expect(await query('SELECT 1 FROM outbox')).toEqual([]);
    expect(await query("SELECT raison FROM audit WHERE action = 'import.django' ORDER BY id")).toEqual([{ raison: 'lignes reprises : 9' }, { raison: 'lues : 18, reprises : 9, déjà reprises : 0, écartées : 9, avec réserve : 3' }]);
  });

  test('again it doubles nothing', async () => {
    const { faults, report } = await run('again.json', ['--apply']);
    expect(faults).toEqual(misfits);
    expect(report.tables['chat_appointment']).toMatchObject({ reprises: 0, deja: 9 });
  });

  test('what a médecin has confirmed here stands', async () => {
    await query(`INSERT INTO appointment (id, patient_id, medecin_id, etablissement_id, requested_start, requested_end, confirmed_start, confirmed_end, status)
      VALUES (90, 1, 2, 1, '${at('16:00')}', '${at('17:00')}', '${at('16:00')}', '${at('17:00')}', 'confirmed')`);
    await original.insert('chat_appointment', anAppointment(90), anAppointment(91, confirmed('16:30', '17:30')), anAppointment(92, confirmed('17:00', '17:30')), anAppointment(93, confirmed('17:45', '18:00')));
    const { report } = await run('taken.json', ['--apply']);
    expect(report.ecarts.filter(({ id }) => id >= 90)).toMatchObject([
      { id: 90, raison: 'identifiant déjà pris' }, { id: 91, raison: expect.stringContaining('ici') }, { id: 92, raison: expect.stringContaining('chevauche') },
    ]);
    expect(await query('SELECT id FROM appointment WHERE id > 90')).toEqual([{ id: 93 }]);
  });

  test('a row that the database refuses for another reason is told by its code, and the others of its batch go in', async () => {
    await query(`ALTER TABLE appointment ADD CONSTRAINT test_check CHECK (location_note <> 'mur')`);
    await original.insert('chat_appointment', anAppointment(101), anAppointment(102, { location_note: 'mur' }), anAppointment(103));
    const { report } = await run('refused.json', ['--apply']);
    expect(report.ecarts.filter(({ id }) => id > 100)).toEqual([{ table: 'chat_appointment', id: 102, colonne: 'id', raison: expect.stringMatching(/refusée par la base de données \(\w+\)/), effet: 'ligne' }]);
    expect(await query('SELECT id FROM appointment WHERE id > 100 ORDER BY id')).toEqual([{ id: 101 }, { id: 103 }]);
  });
});
