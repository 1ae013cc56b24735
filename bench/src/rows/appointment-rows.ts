import { withClient } from '@mediai/db/admin';
import type { Bench } from '../measurement.ts';
import type { Row, Stock } from './row.ts';

const base = '/api/v1/appointments/';
const shared = { group: 'appointments' } as const;
const slotMs = 30 * 60_000;

/** The n-th half hour of a far future, where nobody has an appointment. */
export function slotAt(n: number): { start: string; end: string } {
  const startMs = Date.UTC(2031, 0, 1) + n * slotMs;
  return { start: new Date(startMs).toISOString(), end: new Date(startMs + slotMs).toISOString() };
}

async function unconfirm(bench: Bench, { demandes }: Stock): Promise<void> {
  await withClient(bench.databaseUrl('appointments'), (client) =>
    client.query("UPDATE appointment SET status = 'pending', confirmed_start = NULL, confirmed_end = NULL, message_medecin = NULL WHERE id = ANY($1) AND status <> 'pending'", [demandes]));
}

export const appointmentRows: readonly Row[] = [
  {
    ...shared, name: 'appointment-create', title: 'appointment create', as: 'patient', method: 'POST', path: () => base, withoutIa: true,
    body: ({ medecinId }, n) => ({ medecin: medecinId, requested_start: slotAt(n).start, requested_end: slotAt(n).end, consultation_mode: 'presentiel', message_patient: 'Contrôle après traitement du paludisme.' }),
  },
  { ...shared, name: 'appointment-list', title: 'appointment list', as: 'medecin', method: 'GET', path: () => `${base}?page_size=20` },
  {
    ...shared, name: 'appointment-confirm', title: 'appointment confirm', as: 'medecin', method: 'POST', withoutIa: true, restore: unconfirm, most: ({ demandes }) => demandes.length,
    path: ({ demandes }, n) => `${base}${demandes[n % demandes.length]}/confirm/`,
    body: (_, n) => ({ confirmed_start: slotAt(n).start, confirmed_end: slotAt(n).end, message_medecin: 'Venez à jeun.' }),
  },
];
