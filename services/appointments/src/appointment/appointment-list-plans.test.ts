import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countPlans, createTestDatabase, explain, keepStatistics, multiplyRow, type TestDatabase } from '@mediai/testing';
import { openDatabase } from '../database-store.ts';
import { requetePage } from './appointment-list-store.ts';
import { createAppointmentStore } from './appointment-store.ts';
import type { FiltreAppointments } from './ports.ts';

/** Two établissements of 5 000 appointments each, 40 patients, ten médecins; a third is for no médecin yet. */
const RENDEZ_VOUS = 10_000;
let base: TestDatabase;

beforeAll(async () => {
  base = await createTestDatabase('appointments');
  await keepStatistics(base.ownerUrl, 'appointment');
  const database = openDatabase(base.appUrl);
  const debut = new Date('2026-03-05T09:00:00Z');
  await createAppointmentStore(database.db, { hashKey: 'k', committed: () => undefined }).create(
    { patient: 1, medecin: null, fiche: null, etablissementId: 1, requestedStart: debut, requestedEnd: new Date(debut.getTime() + 1_800_000), consultationMode: 'distanciel', locationNote: null, messagePatient: 'Contrôle' },
    { acte: { acteur: { id: 1, role: 'patient', estAdmin: false }, action: 'appointment.demander' }, evenement: { type: 'AppointmentRequested' } }, { at: debut });
  await database.close();
  await multiplyRow(base.ownerUrl, {
    table: 'appointment', where: 'true', count: RENDEZ_VOUS,
    ecarts: { etablissement_id: '1 + g % 2', patient_id: '100 + g % 40', medecin_id: 'CASE WHEN g % 3 > 0 THEN 10 + g % 10 END', created_at: "timestamptz '2026-03-01 00:00:00+00' + g * interval '1 minute'" },
  });
});
afterAll(() => base.drop());

const filtre = (plus: Partial<FiltreAppointments>): FiltreAppointments => ({ etablissementId: 1, status: [], page: 1, pageSize: 20, ...plus });

describe.each<[string, Partial<FiltreAppointments>, number]>([
  ["an admin's", {}, 20],
  ["an admin's, page 50", { page: 50 }, 1_000],
  ["a médecin's", { visibleDe: 12 }, 150],
  ["a médecin's, of one state", { visibleDe: 12, status: ['pending'] }, 150],
  ["a patient's", { etablissementId: undefined, patient: 120 }, 20],
])('a page of %s appointments', (_, plus, lus) => {
  const { text, values } = requetePage(filtre(plus));

  it('is planned no more once it was asked five times', async () => {
    expect(await countPlans(base.appUrl, text, values, 12)).toBe(5);
  });

  it('reads what it shows and what lies before it, by an index', async () => {
    const plan = await explain(base.ownerUrl, text, values);
    expect(plan.lues).toBeLessThanOrEqual(lus);
    expect(plan.chemins.some((chemin) => chemin.startsWith('appointment_'))).toBe(true);
  });
});
