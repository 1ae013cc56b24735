import { describe, expect, test } from '@jest/globals';
import { annonceOfFiche, annoncesOfAppointment, appointmentKey, ficheKey, type AppointmentChange } from './annonce.ts';

const change: AppointmentChange = { id: 7, patientId: 4, medecinId: 9, etablissementId: 1, status: 'confirmed', debut: new Date('2026-11-24T12:30:00Z'), version: 2, kind: 'confirmed', parUserId: null };
const told = (changes: Partial<AppointmentChange>) => annoncesOfAppointment({ ...change, ...changes }).map(({ modele, userId }) => [modele, userId]);

describe('who is told of an appointment', () => {
  test('the patient of a confirmation and of a refusal', () => {
    expect(told({})).toEqual([['appointment_confirme', 4]]);
    expect(told({ kind: 'declined' })).toEqual([['appointment_refuse', 4]]);
  });

  test('the patient when another cancels, the médecin when the patient does', () => {
    expect(told({ kind: 'cancelled', parUserId: 9 })).toEqual([['appointment_annule', 4]]);
    expect(told({ kind: 'cancelled', parUserId: 1 })).toEqual([['appointment_annule', 4]]);
    expect(told({ kind: 'cancelled', parUserId: 4 })).toEqual([['appointment_annule_medecin', 9]]);
    expect(told({ kind: 'cancelled', parUserId: 4, medecinId: null })).toEqual([]);
  });
});

test('keys name what is told: content of a fiche, version of an appointment', () => {
  expect(ficheKey(3, 'abc')).toBe('fiche:3:abc');
  expect(annoncesOfAppointment(change).map(appointmentKey)).toEqual(['appointment:7:confirmed:2']);
  expect(annonceOfFiche({ id: 3, etablissementId: 2 })).toMatchObject({ modele: 'fiche_prete', ficheId: 3, etablissementId: 2, userId: null });
});
