import { ficheComplete } from '@mediai/testing';
import type { World } from './world.ts';

/** One thing that people do, as a request of a closed loop. */
export type Operation = {
  name: string;
  method: 'GET' | 'POST';
  as?: keyof World['tokens'];
  /** Below /api/v1; asked anew for each request, `n` counts them. */
  path: (world: World, n: number) => string;
  body?: () => unknown;
  /** So many requests instead of so many seconds; what they leave on disk is measured too. */
  amount?: number;
};

const turn = (ids: number[], n: number): number => ids[n % ids.length] ?? 0;

/** What is measured, one after the other; a row is a line of the table. */
export const operations: readonly Operation[] = [
  { name: 'log in', method: 'POST', path: () => '/auth/token/', body: () => ({ username: 'patient.demo', password: 'demo-mediai' }) },
  { name: "read one's account", method: 'GET', as: 'patient', path: () => '/auth/me/' },
  { name: 'create a complete fiche', method: 'POST', as: 'patient', path: () => '/fiche-consultation/', body: () => ficheComplete(), amount: Number(process.env['BENCH_FICHES'] ?? 1_000) },
  { name: 'read a fiche', method: 'GET', as: 'medecin', path: ({ fiches }, n) => `/fiche-consultation/${turn(fiches, n)}/` },
  { name: 'list 20 fiches', method: 'GET', as: 'medecin', path: () => '/fiche-consultation/?page_size=20' },
  { name: 'search fiches by a name', method: 'GET', as: 'medecin', path: () => '/fiche-consultation/?search=kabongo&page_size=20' },
  { name: 'write a message on a fiche', method: 'POST', as: 'patient', path: ({ fiches }, n) => `/fiche-consultation/${turn(fiches, n)}/messages/`, body: () => ({ content: 'La fièvre est tombée, merci docteur.' }) },
  { name: "read a fiche's conversation", method: 'GET', as: 'medecin', path: ({ fiches }, n) => `/conversations/?fiche=${turn(fiches, n)}` },
  { name: 'download a file of 100 kB', method: 'GET', as: 'medecin', path: ({ attachments }, n) => `/attachments/${turn(attachments, n)}/download/` },
  { name: 'a fiche as PDF', method: 'GET', as: 'medecin', path: ({ fiches }, n) => `/fiche-consultation/${turn(fiches, n)}/export/pdf/` },
  { name: 'list appointments', method: 'GET', as: 'medecin', path: () => '/appointments/?page_size=20' },
];
