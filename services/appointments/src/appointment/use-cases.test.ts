import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { AppError, unavailable } from '@mediai/kit/errors';
import { fixedClock } from '@mediai/testing';
import { createMemoryAppointments, type MemoryAppointments } from './appointment-store.memory.ts';
import type { Appointment } from './appointment.ts';
import { createCancelAppointment } from './cancel-appointment.ts';
import { createConfirmAppointment } from './confirm-appointment.ts';
import { createCreateAppointment, type DemandeAppointment } from './create-appointment.ts';
import { createDeclineAppointment } from './decline-appointment.ts';
import { createGetAppointment } from './get-appointment.ts';
import { createListAppointments } from './list-appointments.ts';
import type { CleIdempotence, Utilisateur } from './ports.ts';

const acteur = (changes: Partial<Acteur>): Acteur => ({ id: 1, role: 'patient', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: 'jeton', ...changes });
const patient = acteur({ id: 1 });
const medecin = acteur({ id: 2, role: 'medecin' });
const admin = acteur({ id: 3, estAdmin: true });

const user = (changes: Partial<Utilisateur>): Utilisateur => ({ role: 'medecin', isActive: true, approuve: true, isAvailable: true, etablissementId: 1, ...changes });
const users = new Map<number, Utilisateur>([
  [1, user({ role: 'patient' })],
  [2, user({})],
  [4, user({ approuve: false })],
  [5, user({ isActive: false })],
  [6, user({ etablissementId: 7 })],
  [7, user({ role: 'patient', etablissementId: 7 })],
  [8, user({ isAvailable: false })],
]);

const now = '2026-03-02T08:00:00Z';
const demande: DemandeAppointment = { requestedStart: new Date('2026-03-05T09:00:00Z'), requestedEnd: new Date('2026-03-05T09:30:00Z') };
const times = { confirmedStart: new Date('2026-03-05T09:00:00Z'), confirmedEnd: new Date('2026-03-05T09:30:00Z') };

let store: MemoryAppointments;
let clock: ReturnType<typeof fixedClock>;
let counted: string[];
let authIsAway: boolean;
let consultation: (id: number) => { user: number | null; etablissementId: number } | undefined;

beforeEach(() => {
  clock = fixedClock(now);
  store = createMemoryAppointments(new Map([[1, 'patient.demo'], [2, 'medecin.demo']]), clock.now);
  counted = [];
  authIsAway = false;
  consultation = () => ({ user: 1, etablissementId: 1 });
});

const needs = () => ({ appointments: store, compter: (issue: string) => void counted.push(issue), clock: clock.now });
const ask = (demande: DemandeAppointment, who = patient, idempotence?: CleIdempotence) =>
  createCreateAppointment({
    ...needs(),
    trouverUtilisateurs: async (ids) => {
      if (authIsAway) throw unavailable();
      return new Map(ids.flatMap((id) => [[id, users.get(id)] as const]).filter((entry): entry is [number, Utilisateur] => entry[1] !== undefined));
    },
    trouverFiche: async (_acteur, id) => consultation(id),
  })({ acteur: who, demande, idempotence });
const confirm = (id: number, who = medecin, more: { versionAttendue?: number; confirmedStart?: Date; confirmedEnd?: Date } = {}) => createConfirmAppointment(needs())({ acteur: who, id, ...times, ...more });
const decline = (id: number, who = medecin) => createDeclineAppointment(needs())({ acteur: who, id, messageMedecin: 'Je suis absent.' });
const cancel = (id: number, who = patient, message?: string) => createCancelAppointment(needs())({ acteur: who, id, message });
const read = (who: Acteur, id: number, motif?: string) => createGetAppointment({ appointments: store, clock: clock.now })(who, id, motif);

async function asked(more: DemandeAppointment = {}, who = patient): Promise<Appointment> {
  const answer = await ask({ ...demande, ...more }, who);
  if ('rejouee' in answer) throw new Error('replayed');
  return answer.appointment;
}

async function errorOf(work: Promise<unknown>): Promise<AppError> {
  const thrown = await work.then(() => undefined, (error: unknown) => error);
  expect(thrown).toBeInstanceOf(AppError);
  return thrown as AppError;
}

describe('asking', () => {
  test('a patient asks for themselves, whatever is sent; it waits, is told and audited', async () => {
    const appointment = await asked({ patient: 7, medecin: 2, fiche: 12, consultationMode: '', messagePatient: '', locationNote: ' Salle 3 ' });
    expect(appointment).toMatchObject({
      patient: 1, patientUsername: 'patient.demo', medecin: 2, medecinUsername: 'medecin.demo', fiche: 12, status: 'pending', consultationMode: 'distanciel', messagePatient: null, locationNote: ' Salle 3 ',
      etablissementId: 1, version: 1, createdAt: new Date(now),
    });
    expect(store.told).toMatchObject([{ type: 'AppointmentRequested', appointment: { id: appointment.id } }]);
    expect(store.actes).toMatchObject([{ action: 'appointment.demander', acteur: { id: 1 }, appointmentId: appointment.id }]);
    expect(counted).toEqual(['requested']);
  });

  test('a médecin or an admin asks for a patient of the établissement', async () => {
    expect(await asked({ patient: 1 }, medecin)).toMatchObject({ patient: 1, medecin: null });
    expect(await asked({ patient: 1, medecin: 2 }, admin)).toMatchObject({ patient: 1, medecin: 2 });
    for (const patient of [2, 7, 424242]) expect((await errorOf(ask({ ...demande, patient }, medecin))).fields).toEqual({ patient: ['Ce patient est inconnu.'] });
    expect((await errorOf(ask(demande, medecin))).fields).toEqual({ patient: ['Ce champ est obligatoire.'] });
  });

  test.each([['not approved', 4], ['inactive', 5], ['of another établissement', 6], ['a patient', 1], ['unknown', 424242]])('a médecin who is %s cannot be chosen', async (_, medecin) => {
    expect(await errorOf(ask({ ...demande, medecin }))).toMatchObject({ kind: 'invalid', code: 'appointment.invalide', fields: { medecin: ['Ce médecin est inconnu.'] } });
  });

  test('a patient cannot choose a médecin who is not available; an admin can', async () => {
    expect((await errorOf(ask({ ...demande, medecin: 8 }))).fields).toEqual({ medecin: ["Ce médecin n'est pas disponible."] });
    expect(await asked({ patient: 1, medecin: 8 }, admin)).toMatchObject({ medecin: 8 });
  });

  test('names every faulty field at once, in French', async () => {
    const { fields } = await errorOf(ask({ requestedStart: new Date('2026-03-01T09:00:00Z'), requestedEnd: new Date('2026-03-01T08:00:00Z'), consultationMode: 'visio', messagePatient: 'a\0b', locationNote: 'x'.repeat(5001) }));
    expect(fields).toEqual({
      requested_start: ['Le début ne peut pas être dans le passé.'],
      requested_end: ['La fin doit être postérieure au début.'],
      consultation_mode: ["« visio » n'est pas un choix valide."],
      location_note: ['Assurez-vous que ce champ comporte au plus 5000 caractères.'],
      message_patient: ['Ce champ contient un caractère non autorisé.'],
    });
    expect((await errorOf(ask({}))).fields).toEqual({ requested_start: ['Ce champ est obligatoire.'], requested_end: ['Ce champ est obligatoire.'] });
    expect((await errorOf(ask({ ...demande, requestedEnd: new Date('2026-03-06T09:00:01Z') }))).fields).toEqual({ requested_end: ['Un rendez-vous dure 24 heures au plus.'] });
    expect((await errorOf(ask({ ...demande, requestedStart: new Date(Number.NaN) }))).fields).toEqual({ requested_start: ['Une date et une heure valides sont attendues.'] });
  });

  test('a fiche must be one that the actor sees, and the patient\'s', async () => {
    consultation = () => undefined;
    expect((await errorOf(ask({ ...demande, fiche: 12 }))).fields).toEqual({ fiche: ['Cette fiche est inconnue.'] });
    consultation = () => ({ user: 9, etablissementId: 1 });
    expect((await errorOf(ask({ ...demande, patient: 1, fiche: 12 }, medecin))).fields).toEqual({ fiche: ["Cette fiche n'est pas celle de ce patient."] });
    consultation = () => {
      throw unavailable();
    };
    expect((await errorOf(ask({ ...demande, fiche: 12 }))).kind).toBe('unavailable');
    expect(store.rows.size).toBe(0);
  });

  test('with auth away a patient still asks; a médecin who cannot be verified is refused for now', async () => {
    authIsAway = true;
    expect(await asked()).toMatchObject({ patient: 1, medecin: null });
    expect((await errorOf(ask({ ...demande, medecin: 2 }))).kind).toBe('unavailable');
  });

  test('a repeated request gets the first answer, even after the hour has passed or while others are away', async () => {
    const cle = (corps: string): CleIdempotence => ({ route: 'r', cle: 'k', corps: Buffer.from(corps), ecrire: ({ id }) => Buffer.from(String(id)) });
    const first = await ask(demande, patient, cle('a'));
    const { id } = 'appointment' in first ? first.appointment : { id: 0 };
    clock.set('2026-04-01T00:00:00Z');
    authIsAway = true;
    expect(await ask(demande, patient, cle('a'))).toEqual({ rejouee: Buffer.from(String(id)) });
    expect((await errorOf(ask(demande, patient, cle('b')))).kind).toBe('unprocessable');
    expect(store.rows.size).toBe(1);
    expect(store.told).toHaveLength(1);
  });

  test('a service and a médecin not approved yet ask for nothing', async () => {
    expect((await errorOf(ask({}, acteur({ id: 0, role: 'service' })))).kind).toBe('forbidden');
    expect((await errorOf(ask({}, acteur({ id: 4, role: 'medecin', approuve: false })))).code).toBe('compte.en_attente');
  });
});

describe('answering', () => {
  test('an unassigned appointment becomes that of the médecin who confirms it', async () => {
    const { id } = await asked();
    expect(await confirm(id)).toMatchObject({ appointment: { status: 'confirmed', medecin: 2, medecinUsername: 'medecin.demo', ...times, version: 2 } });
    expect(store.told.at(-1)).toMatchObject({ type: 'AppointmentConfirmed', appointment: { id, medecin: 2 } });
    expect(store.actes.at(-1)).toMatchObject({ action: 'appointment.confirmer', acteur: { id: 2 } });
  });

  test('an overlap is a conflict; one may begin when another ends; a cancelled one frees its time', async () => {
    const [one, two, three] = [await asked(), await asked(), await asked()];
    await confirm(one.id);
    const overlap = { confirmedStart: new Date('2026-03-05T09:15:00Z'), confirmedEnd: new Date('2026-03-05T09:45:00Z') };
    expect(await errorOf(confirm(two.id, medecin, overlap))).toMatchObject({ kind: 'conflict', code: 'appointment.creneau_pris', detail: 'Ce créneau chevauche un rendez-vous déjà confirmé.' });
    await confirm(three.id, medecin, { confirmedStart: times.confirmedEnd, confirmedEnd: new Date('2026-03-05T10:00:00Z') });
    await cancel(three.id, medecin);
    await cancel(one.id);
    expect(await confirm(two.id, medecin, overlap)).toMatchObject({ appointment: { status: 'confirmed' } });
    expect(counted.filter((outcome) => outcome === 'creneau_pris')).toHaveLength(1);
  });

  test('what is no longer pending is neither confirmed nor declined', async () => {
    const { id } = await asked();
    await decline(id);
    expect(store.rows.get(id)).toMatchObject({ status: 'declined', messageMedecin: 'Je suis absent.', medecin: null });
    for (const again of [confirm(id), decline(id), cancel(id)]) expect(await errorOf(again)).toMatchObject({ kind: 'invalid', code: 'appointment.etat_invalide' });
    expect(store.told.map(({ type }) => type)).toEqual(['AppointmentRequested', 'AppointmentDeclined']);
  });

  test('a stale version is refused before the status is judged, whatever the act', async () => {
    const { id } = await asked();
    const stale = { id, versionAttendue: 7 };
    expect((await errorOf(createDeclineAppointment(needs())({ acteur: medecin, ...stale }))).kind).toBe('stale');
    expect((await errorOf(createCancelAppointment(needs())({ acteur: patient, ...stale }))).kind).toBe('stale');
    expect((await errorOf(confirm(id, medecin, { versionAttendue: 7 }))).kind).toBe('stale');
    await confirm(id, medecin, { versionAttendue: 1 });
    expect((await errorOf(confirm(id, medecin, { versionAttendue: 1 }))).kind).toBe('stale');
  });

  test('losing a race is a conflict, or stale for who said which version was read', async () => {
    const { id } = await asked();
    const losing = { appointments: { ...store, change: async () => 'perdue' as const }, compter: (): void => undefined, clock: clock.now };
    expect((await errorOf(createConfirmAppointment(losing)({ acteur: medecin, id, ...times }))).kind).toBe('conflict');
    expect((await errorOf(createConfirmAppointment(losing)({ acteur: medecin, id, ...times, versionAttendue: 1 }))).kind).toBe('stale');
  });

  test('the end of a confirmed time comes after its start', async () => {
    const { id } = await asked();
    expect((await errorOf(confirm(id, medecin, { confirmedEnd: times.confirmedStart }))).fields).toEqual({ confirmed_end: ['La fin doit être postérieure au début.'] });
  });

  test('a patient cancels with a word of their own beside the first one', async () => {
    const { id } = await asked({ messagePatient: 'Contrôle' });
    await confirm(id);
    expect(await cancel(id, patient, 'Je suis en voyage.')).toMatchObject({ appointment: { status: 'cancelled', messagePatient: 'Contrôle', cancelMessage: 'Je suis en voyage.', ...times } });
    expect(store.told.at(-1)).toMatchObject({ type: 'AppointmentCancelled', parUserId: 1 });
  });

  test('a first answer is given again only to who may still see the appointment', async () => {
    const { id } = await asked();
    const idempotence: CleIdempotence = { route: 'r', cle: 'k', corps: Buffer.from('a'), ecrire: ({ version }) => Buffer.from([version]) };
    const again = (who: Acteur) => createConfirmAppointment(needs())({ acteur: who, id, ...times, idempotence });
    expect(await again(medecin)).toHaveProperty('appointment');
    expect(await again(medecin)).toEqual({ rejouee: Buffer.from([2]) });
    expect((await errorOf(again({ ...medecin, etablissementId: 7 }))).kind).toBe('not_found');
    expect((await errorOf(again({ ...medecin, approuve: false }))).code).toBe('compte.en_attente');
    store.rows.set(id, { ...(store.rows.get(id) as Appointment), medecin: 9 });
    expect((await errorOf(again(medecin))).code).toBe('appointment.autre_medecin');
  });

  test("to be refused a colleague's is audited, and changes nothing", async () => {
    const { id } = await asked({ medecin: 2 });
    const colleague = acteur({ id: 9, role: 'medecin' });
    for (const refused of [confirm(id, colleague), decline(id, colleague), cancel(id, colleague)]) expect((await errorOf(refused)).code).toBe('appointment.autre_medecin');
    expect(store.actes.slice(1)).toMatchObject(['confirmer', 'refuser', 'annuler'].map((action) => ({ acteur: { id: 9 }, appointmentId: id, action: `appointment.${action}`, issue: 'refus', raison: 'appointment.autre_medecin' })));
    expect(store.rows.get(id)).toMatchObject({ status: 'pending', version: 1 });
    await errorOf(confirm(id, patient));
    await errorOf(cancel(id, acteur({ id: 99 })));
    expect(store.actes).toHaveLength(4);
  });

  test('what is not theirs to see does not exist; the role comes first', async () => {
    const { id } = await asked();
    expect((await errorOf(cancel(id, acteur({ id: 99 })))).kind).toBe('not_found');
    expect((await errorOf(cancel(424242))).kind).toBe('not_found');
    expect((await errorOf(confirm(424242, patient))).kind).toBe('forbidden');
    expect((await errorOf(confirm(id, admin))).kind).toBe('forbidden');
    expect((await errorOf(confirm(id, acteur({ id: 6, role: 'medecin', etablissementId: 7 })))).kind).toBe('not_found');
    expect((await errorOf(confirm(id, acteur({ id: 4, role: 'medecin', approuve: false })))).code).toBe('compte.en_attente');
  });
});

describe('reading', () => {
  test("a colleague's appointment wants a reason, which is audited and covers eight hours", async () => {
    const { id } = await asked({ medecin: 2 });
    const colleague = acteur({ id: 9, role: 'medecin' });
    expect((await errorOf(read(colleague, id))).code).toBe('acces.motif_requis');
    expect(await read(colleague, id, 'Remplacement')).toMatchObject({ id });
    expect(store.actes.at(-1)).toMatchObject({ raison: 'Remplacement', acteur: { id: 9 } });
    clock.advance(7 * 3600_000);
    expect(await read(colleague, id)).toMatchObject({ id });
    clock.advance(2 * 3600_000);
    expect((await errorOf(read(colleague, id))).code).toBe('acces.motif_requis');
    const seen = store.actes.filter(({ acteur: who }) => who?.id === 9).map(({ action, issue, raison }) => [action, issue ?? 'ok', raison]);
    const refused = ['appointment.lire', 'refus', 'acces.motif_requis'];
    expect(seen).toEqual([refused, ['appointment.lire_avec_motif', 'ok', 'Remplacement'], ['appointment.lire', 'ok', undefined], refused]);
    expect((await errorOf(read(acteur({ id: 99 }), id))).kind).toBe('not_found');
  });

  test('is audited, by whomever but the patient', async () => {
    const { id } = await asked({ medecin: 2 });
    for (const who of [patient, medecin, admin]) await read(who, id, 'Une raison que personne ne demande');
    await errorOf(read(acteur({ id: 99 }), id));
    expect(store.actes.slice(1).map(({ acteur: who, action, raison }) => [who?.id, action, raison])).toEqual([[2, 'appointment.lire', undefined], [3, 'appointment.lire', undefined]]);
  });

  test('a list that shows others’ appointments is audited, once an hour for each', async () => {
    const { id } = await asked({ medecin: 2 });
    const list = (who: Acteur) => createListAppointments({ appointments: store })({ acteur: who, status: [], page: 1, pageSize: 20 });
    for (const who of [patient, medecin, medecin, admin, acteur({ id: 99 })]) await list(who);
    clock.advance(61 * 60_000);
    await list(medecin);
    expect(store.actes.slice(1).map(({ acteur: who, action, appointmentId }) => [who?.id, action, appointmentId])).toEqual([2, 3, 2].map((who) => [who, 'appointment.lister', id]));
    const broken = { ...store, noterPage: async () => { throw unavailable(); } };
    expect((await errorOf(createListAppointments({ appointments: broken })({ acteur: medecin, status: [], page: 1, pageSize: 20 }))).kind).toBe('unavailable');
  });

  test('a list holds what may be seen, in days of Lubumbashi', async () => {
    const list = (who: Acteur, more: object = {}) => createListAppointments({ appointments: store })({ acteur: who, status: [], page: 0, pageSize: 0, ...more });
    const ids = async (who: Acteur, more?: object) => (await list(who, more)).appointments.map(({ id }) => id);
    const one = await asked({ medecin: 2 });
    clock.advance(1000);
    const two = await asked({ requestedStart: new Date('2026-03-05T22:30:00Z'), requestedEnd: new Date('2026-03-05T23:00:00Z') });
    expect(await ids(patient)).toEqual([two.id, one.id]);
    expect(await ids(acteur({ id: 99 }))).toEqual([]);
    expect(await ids(medecin)).toEqual([two.id, one.id]);
    expect(await ids(acteur({ id: 9, role: 'medecin' }))).toEqual([two.id]);
    expect(await ids(acteur({ id: 1, role: 'medecin' }))).toEqual([two.id, one.id]);
    expect(await ids(admin)).toEqual([two.id, one.id]);
    expect(await ids(acteur({ id: 3, estAdmin: true, etablissementId: 7 }))).toEqual([]);
    expect(await ids(patient, { dateDebut: '2026-03-06' })).toEqual([two.id]);
    expect(await ids(patient, { dateFin: '2026-03-05' })).toEqual([one.id]);
    expect(await ids(patient, { status: ['confirmed', 'declined'] })).toEqual([]);
    expect(await ids(patient, { status: Array<string>(100_000).fill('pending'), page: -5, pageSize: -5 })).toEqual([two.id, one.id]);
    expect((await errorOf(list(patient, { status: ['fini'], dateDebut: '2026-02-30', dateFin: 'demain' }))).fields).toMatchObject({ status: expect.anything(), date_debut: expect.anything(), date_fin: expect.anything() });
    expect((await errorOf(list(patient, { dateDebut: '0000-01-01', dateFin: '0001-01-01' }))).fields).toMatchObject({ date_debut: expect.anything(), date_fin: expect.anything() });
    expect((await errorOf(list(patient, { page: 101, pageSize: 100 }))).code).toBe('pagination.trop_profonde');
  });
});
