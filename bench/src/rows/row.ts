import type { Bench, Personne } from '../measurement.ts';

/** What the rows ask for, prepared before they are measured; all of it is in the suite's databases, which every server reads. */
export type Stock = {
  medecinId: number;
  /** Fiches to read, analysed; the first of them over HTTP, the others copies. */
  fiches: number[];
  /** Copies that are put back to `analyse_terminee` before each round. */
  validables: number[];
  /** Appointments that are put back to `pending` before each round. */
  demandes: number[];
  /** Conversations with messages. */
  conversations: number[];
  /** Files of fiches; made for the rows that ask for them. */
  attachments: number[];
};

/** One thing that people do: a line of the table. */
export type Row = {
  name: string;
  group: 'auth' | 'fiches' | 'appointments' | 'conversations' | 'health' | 'dossier';
  title: string;
  method: 'GET' | 'POST' | 'PATCH';
  /** Who asks; nobody in particular where it is missing. */
  as?: Personne;
  /** From the server's root; `n` counts the requests of a round. */
  path: (stock: Stock, n: number) => string;
  body?: (stock: Stock, n: number) => unknown;
  /** Measured while ia is stopped, so that only the request itself is paid for. */
  withoutIa?: boolean;
  /** Runs before each round, outside of the measured time. */
  restore?: (bench: Bench, stock: Stock) => Promise<void>;
  /** How many requests a round has objects for, where each uses one up. */
  most?: (stock: Stock) => number;
  /** Not of the default table: measured where `--only` or the capacity's table asks for it. */
  byNameOnly?: boolean;
};
