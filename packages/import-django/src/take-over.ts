import { setTimeout as sleep } from 'node:timers/promises';
import { isTransient } from '@mediai/db';
import type { Jugement, Ligne } from './ecart.ts';
import { isIdInBounds } from './ids.ts';
import type { Rapport } from './rapport.ts';
import { colonnesDe } from './tables.ts';
import type { Forme } from './forme.ts';
import type { Source } from './source.ts';

const maxAttempts = 6;
const firstDelayMs = 250;

/** What is known here of some ids of the original. */
export type Etat = {
  /** Taken over by an earlier run. */
  reprises: ReadonlySet<number>;
  /** Borne by rows that come from elsewhere. */
  prises: ReadonlySet<number>;
};

/** Where the rows of one table go. */
export type Cible<N> = {
  etat: (ids: readonly number[]) => Promise<Etat>;
  /** Writes in one transaction what no other run has written in the meantime: rows, marks, events, audit. */
  ecrire: (nouvelles: readonly N[]) => Promise<void>;
};

export type Reprise<N> = {
  forme: Forme;
  /** Rows by transaction. */
  taille: number;
  /** Judges rows whose ids are valid and free, in order; called for every run's every row, so that each report is whole. */
  juger: (lignes: Ligne[], etat: Etat) => Promise<Jugement<N>[]>;
  cible: Cible<N>;
};

export type Conduite = {
  source: Source;
  rapport: Rapport;
  apply: boolean;
  /** Ends the run after the batch under way. */
  signal: AbortSignal;
  /** Told after each batch. */
  progress: (table: string, lues: number, total: number) => void;
};

/** One table's import, ready to run. */
export type Passe = (conduite: Conduite) => Promise<void>;

export const passeOf = <N>(reprise: Reprise<N>): Passe => (conduite) => takeOver(conduite, reprise);

/** Takes one table over, batch by batch. A dry run does all of it but writing. @throws AbortError, Error of either database */
async function takeOver<N>({ source, rapport, apply, signal, progress }: Conduite, { forme, taille, juger, cible }: Reprise<N>): Promise<void> {
  const { table } = forme;
  const total = await source.count(table);
  let lues = 0;
  for await (const lignes of source.batches(table, colonnesDe(forme), taille)) {
    signal.throwIfAborted();
    const valables = lignes.filter((ligne) => isIdInBounds(ligne['id']));
    const etat = await cible.etat(valables.map(({ id }) => Number(id)));
    const libres = valables.filter(({ id }) => !etat.prises.has(Number(id)));
    const jugements = await juger(libres, etat);
    const nouveaux = jugements.filter(({ id, nouvelle }) => nouvelle !== null && !etat.reprises.has(id));
    const refusees = apply ? await writeAll(cible, nouveaux, signal) : new Map<number, string>();
    for (const ligne of lignes) if (!isIdInBounds(ligne['id'])) rapport.juger(table, refus(table, ligne['id'], 'identifiant hors limites'), 'ecartee');
    for (const id of etat.prises) rapport.juger(table, refus(table, id, 'identifiant déjà pris'), 'ecartee');
    for (const jugement of jugements) {
      const refusee = refusees.get(jugement.id);
      if (refusee !== undefined) rapport.juger(table, { ...jugement, nouvelle: null, ecarts: refus(table, jugement.id, refusee).ecarts }, 'ecartee');
      else rapport.juger(table, jugement, jugement.nouvelle === null ? 'ecartee' : etat.reprises.has(jugement.id) ? 'deja' : 'reprise');
    }
    progress(table, (lues += lignes.length), total);
  }
}

function refus(table: string, id: unknown, raison: string): Jugement<never> {
  return { id: Number(id), nouvelle: null, ecarts: [{ table, id: Number(id), colonne: 'id', raison, effet: 'ligne' }] };
}

/** Writes all rows; those that the database refuses are found by halving and told by their SQLSTATE. */
async function writeAll<N>(cible: Cible<N>, jugements: readonly Jugement<N>[], signal: AbortSignal): Promise<Map<number, string>> {
  const [first] = jugements;
  if (!first) return new Map();
  try {
    await persevering(() => cible.ecrire(jugements.map(({ nouvelle }) => nouvelle as N)), signal);
    return new Map();
  } catch (error) {
    const code = refusalOf(error);
    if (code === undefined) throw error;
    if (jugements.length === 1) return new Map([[first.id, `refusée par la base de données (${code})`]]);
    const middle = jugements.length >> 1;
    const halves = [await writeAll(cible, jugements.slice(0, middle), signal), await writeAll(cible, jugements.slice(middle), signal)];
    return new Map(halves.flatMap((half) => [...half]));
  }
}

/** Runs again what a database that is away for a moment cut short. */
export async function persevering<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === maxAttempts || signal?.aborted || !isTransient(error)) throw error;
      await sleep(firstDelayMs * 2 ** attempt);
    }
  }
}

/** The code of a refusal of the data itself (PostgreSQL classes 22 and 23, Prisma's P20xx); undefined for any other error. */
function refusalOf(thrown: unknown, depth = 0): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || depth > 8) return undefined;
  const { code, originalCode, cause, meta, driverAdapterError } = thrown as Record<string, unknown>;
  const inner = [cause, meta, driverAdapterError].map((next) => refusalOf(next, depth + 1)).find((found) => found !== undefined);
  return inner ?? [originalCode, code].find((found): found is string => typeof found === 'string' && /^(22|23)\w{3}$|^P20\d\d$/.test(found));
}
