import { describe, expect, it } from '@jest/globals';
import { call, loginMedecin, registerPatient, until } from './client.ts';
import { messagesHolding } from './sandbox.ts';

type Appointment = { id: number; status: string; confirmed_start: string | null };

/** A slot of its own for this run: days ahead, so that no other test's slot overlaps. */
function slot(): { start: string; end: string; overlapStart: string; overlapEnd: string } {
  const start = new Date(Date.now() + (30 + Math.floor(Math.random() * 300_000)) * 3_600_000);
  start.setUTCMinutes(0, 0, 0);
  const at = (minutes: number): string => new Date(start.getTime() + minutes * 60_000).toISOString();
  return { start: at(0), end: at(30), overlapStart: at(15), overlapEnd: at(45) };
}

describe('appointments', () => {
  it('are asked for, confirmed once, told to the patient, and never overlap', async () => {
    const [first, second] = [await registerPatient(), await registerPatient()];
    const medecin = await loginMedecin();
    const me = await call<{ id: number }>('GET', '/api/v1/auth/me/', { token: medecin });
    const times = slot();
    const ask = (token: string) =>
      call<Appointment>('POST', '/api/v1/appointments/', {
        token,
        body: { medecin: me.body.id, requested_start: times.start, requested_end: times.end, consultation_mode: 'presentiel', message_patient: 'Contrôle après traitement du paludisme.' },
      });
    const [a, b] = [await ask(first.token), await ask(second.token)];
    expect([a.status, b.status]).toEqual([201, 201]);
    expect(a.body.status).toBe('pending');

    const confirm = (id: number, start: string, end: string) =>
      call<Appointment>('POST', `/api/v1/appointments/${id}/confirm/`, { token: medecin, body: { confirmed_start: start, confirmed_end: end, message_medecin: 'Venez à jeun.' } });
    const confirmed = await confirm(a.body.id, times.start, times.end);
    expect(confirmed.status).toBe(200);
    expect(confirmed.body.status).toBe('confirmed');
    expect((await confirm(b.body.id, times.overlapStart, times.overlapEnd)).status).toBe(409);

    const told = await until('message about the appointment', () => messagesHolding(first.phone), (messages) => messages.length > 0);
    expect(told).toHaveLength(1);
    expect(told[0]?.body).not.toMatch(/palud/i);

    const declined = await call<Appointment>('POST', `/api/v1/appointments/${b.body.id}/decline/`, { token: medecin, body: { message_medecin: 'Créneau pris.' } });
    expect(declined.status).toBe(200);
    expect(declined.body.status).toBe('declined');
    const cancelled = await call<Appointment>('POST', `/api/v1/appointments/${a.body.id}/cancel/`, { token: first.token, body: { message: 'Je suis en voyage.' } });
    expect(cancelled.status).toBe(200);
    expect(cancelled.body).toMatchObject({ status: 'cancelled', cancel_message: 'Je suis en voyage.', message_patient: 'Contrôle après traitement du paludisme.' });
    const listed = await call<{ results: Appointment[] }>('GET', '/api/v1/appointments/', { token: first.token });
    expect(listed.body.results.map((item) => item.id)).toEqual([a.body.id]);
  });

  it('give one winner when rivals confirm the same slot at once', async () => {
    const medecin = await loginMedecin();
    const me = await call<{ id: number }>('GET', '/api/v1/auth/me/', { token: medecin });
    const times = slot();
    const patient = await registerPatient();
    const asked = await Promise.all(
      Array.from({ length: 12 }, () => call<Appointment>('POST', '/api/v1/appointments/', { token: patient.token, body: { medecin: me.body.id, requested_start: times.start, requested_end: times.end } })),
    );
    const answers = await Promise.all(
      asked.map(({ body }) => call('POST', `/api/v1/appointments/${body.id}/confirm/`, { token: medecin, body: { confirmed_start: times.start, confirmed_end: times.end } })),
    );
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, ...Array.from({ length: 11 }, () => 409)]);
  });
});
