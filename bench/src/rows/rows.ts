import { appointmentRows } from './appointment-rows.ts';
import { dossierRows } from './dossier-rows.ts';
import { ficheRows } from './fiche-rows.ts';
import type { Row } from './row.ts';

const medecin = { method: 'GET', as: 'medecin' } as const;
const turn = (ids: readonly number[], n: number): number => ids[n % ids.length] ?? 0;

/** All rows in the order of the table. */
export const rows: readonly Row[] = [
  { name: 'token', group: 'auth', title: 'token', method: 'POST', path: () => '/api/v1/auth/token/', body: () => ({ username: 'patient.demo', password: 'demo-mediai' }) },
  { name: 'me', group: 'auth', title: 'me', method: 'GET', as: 'patient', path: () => '/api/v1/auth/me/' },
  ...ficheRows,
  ...appointmentRows,
  // The API has no list of slots: whom one can ask for an appointment is what people see before they ask.
  { ...medecin, name: 'available-medecins', group: 'appointments', title: 'available médecins', as: 'patient', path: () => '/api/v1/auth/medecins/available/' },
  { ...medecin, name: 'conversation-messages', group: 'conversations', title: 'conversation messages', path: ({ conversations }, n) => `/api/v1/conversations/${turn(conversations, n)}/messages/` },
  { name: 'health', group: 'health', title: 'health', method: 'GET', path: () => '/api/health/' },
  ...dossierRows,
];
