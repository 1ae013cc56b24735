import type { Row } from './row.ts';

const turn = (ids: readonly number[], n: number): number => ids[n % ids.length] ?? 0;
const shared = { group: 'dossier', byNameOnly: true } as const;

/** What is read and written beside a fiche: of the capacity's table, not of the comparison with the floor. */
export const dossierRows: readonly Row[] = [
  { ...shared, name: 'message-write', title: 'write a message on a fiche', as: 'patient', method: 'POST', path: ({ fiches }, n) => `/api/v1/fiche-consultation/${turn(fiches, n)}/messages/`, body: () => ({ content: 'La fièvre est tombée, merci docteur.' }) },
  { ...shared, name: 'file-download', title: 'download a file of 100 kB', as: 'medecin', method: 'GET', path: ({ attachments }, n) => `/api/v1/attachments/${turn(attachments, n)}/download/` },
  { ...shared, name: 'fiche-pdf', title: 'a fiche as PDF', as: 'medecin', method: 'GET', path: ({ fiches }, n) => `/api/v1/fiche-consultation/${turn(fiches, n)}/export/pdf/` },
];
