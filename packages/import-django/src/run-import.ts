import type { Examen, Forme } from './forme.ts';
import { examineFormes, otherTables } from './forme.ts';
import { maxId } from './ids.ts';
import { readOptions, usage, type Options } from './options.ts';
import { createRapport, readRejets, type Compte, type Rapport } from './rapport.ts';
import { openSource, type Source } from './source.ts';
import { nonReprises, tables } from './tables.ts';
import type { Passe } from './take-over.ts';

/** Ends an import before it began, in a sentence for who runs it. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
}

export type Contexte = {
  source: Source;
  options: Options;
  rapport: Rapport;
  /** Whether an earlier report, or this run so far, left this row out: of users and fiches. */
  estRejete: (table: string, id: number) => boolean;
};

/** One service's part of an import. */
export type ServiceImport = {
  /** @throws ImportRefused where it cannot begin */
  check?: (options: Options) => Promise<void>;
  /** The sequences here, and the tables there above whose ids they must continue. */
  sequences: readonly { sequence: string; table: string }[];
  advance: (sequence: string, upTo: number) => Promise<void>;
  /** The tables to take over, in order. */
  passes: (contexte: Contexte) => Promise<readonly Passe[]>;
  audit: (table: string, compte: Compte) => Promise<void>;
  close: () => Promise<void>;
};

type Run = {
  service: keyof typeof nonReprises;
  argv: readonly string[];
  env: Record<string, string | undefined>;
  /** Every table that is read. */
  formes: readonly Forme[];
  open: (options: Options) => ServiceImport;
  /** Takes a line of the report or of the progress. */
  say: (line: string) => void;
  signal: AbortSignal;
  now?: () => Date;
};

const progressMs = 2_000;

/** Runs one service's import from its command line; answers the exit code: 0 all fitted, 1 some did not, 2 it could not be done or not to the end. */
export async function runImport({ service, argv, env, formes: needed, open, say, signal, now = () => new Date() }: Run): Promise<number> {
  const options = readOptions(argv, env);
  if ('fault' in options) {
    say(`✗ ${options.fault}\n  usage: ${usage}`);
    return 2;
  }
  let source: Source | undefined;
  let here: ServiceImport | undefined;
  let rapport: Rapport | undefined;
  try {
    const rejets = await readRejets(options.after);
    source = await openSource(options.url).catch((error: Error) => {
      throw new ImportRefused(`The original's database cannot be read (${error.message}).`);
    });
    const { enPlus } = await refuseOtherShape(source, needed);
    here = open(options);
    if (!options.reserve) await here.check?.(options);
    if (options.apply || options.reserve) for (const { sequence, table } of here.sequences) await here.advance(sequence, await highestId(source, table));
    if (options.reserve) return 0;
    rapport = openRapport(service, options, now());
    const { estEcartee } = rapport;
    const contexte: Contexte = { source, options, rapport, estRejete: (table, id) => (rejets.get(table)?.has(id) ?? false) || estEcartee(table, id) };
    const conduite = { source, rapport, apply: options.apply, signal, progress: createProgress(say) };
    for (const passe of await here.passes(contexte)) await passe(conduite);
    if (options.apply) for (const [table, compte] of rapport.comptes()) await here.audit(table, compte);
    await noteLeft(source, rapport, service, enPlus);
    rapport.finir(true);
    for (const line of rapport.lignes()) say(line);
    return rapport.total() > 0 ? 1 : 0;
  } catch (error) {
    rapport?.finir(false);
    for (const line of rapport?.lignes() ?? []) say(line);
    say(`✗ ${sentenceOf(error, signal)}`);
    return 2;
  } finally {
    await here?.close();
    await source?.close().catch(() => undefined);
  }
}

/** Names what is there and not taken over: columns of the tables that were, and other tables with rows. */
async function noteLeft(source: Source, rapport: Rapport, service: keyof typeof nonReprises, enPlus: Examen['enPlus']): Promise<void> {
  for (const { table, colonnes } of enPlus) if (rapport.comptes().has(table)) for (const colonne of colonnes) rapport.colonneNonReprise(`${table}.${colonne}`);
  for (const table of await leftTables(source, service)) {
    const count = await source.count(table);
    if (count > 0) rapport.nonReprise(table, count);
  }
}

/** What there is. @throws ImportRefused naming everything that is missing or otherwise */
export async function refuseOtherShape(source: Source, needed: readonly Forme[]): Promise<Examen> {
  const examen = await examineFormes(source, needed);
  const { fautes } = examen;
  if (fautes.length > 0) throw new ImportRefused(`This is not the database of the Django original as this version knows it; nothing was written.\n${fautes.map((faute) => `  - ${faute}`).join('\n')}`);
  return examen;
}

/** @throws ImportRefused where its file cannot be written */
function openRapport(service: string, { apply, report }: Options, now: Date): Rapport {
  try {
    return createRapport({ service, apply, fichier: report, now });
  } catch (error) {
    throw new ImportRefused(`The report cannot be written (${(error as Error).message}).`);
  }
}

async function highestId(source: Source, table: string): Promise<number> {
  const [row] = await source.query<{ id: number | null }>(`SELECT max(id) AS id FROM ${table} WHERE id <= $1::int8`, [maxId]);
  return row?.id ?? 0;
}

/** The tables that are there and of which nothing is kept; those nobody knows are consultation's and auth's to tell, by their prefix. */
async function leftTables(source: Source, service: keyof typeof nonReprises): Promise<string[]> {
  const named: string[] = Object.values(nonReprises).flat();
  const prefix = service === 'auth' ? 'authentication_' : service === 'consultation' ? 'chat_' : undefined;
  const known = Object.values(tables) as string[];
  const present = [...(await otherTables(source, 'authentication_', known)), ...(await otherTables(source, 'chat_', known))];
  return present.filter((table) => (nonReprises[service] as readonly string[]).includes(table) || (prefix !== undefined && table.startsWith(prefix) && !named.includes(table)));
}

function createProgress(say: (line: string) => void) {
  let began = { table: '', at: 0, told: 0 };
  return (table: string, lues: number, total: number): void => {
    const at = Date.now();
    if (began.table !== table) began = { table, at, told: at };
    if (at - began.told < progressMs) return;
    began.told = at;
    say(`  ${table}: ${lues} of ${total} (${Math.round(lues / ((at - began.at) / 1000))} rows/s)`);
  };
}

/** Our own words as they are; of a database's error only its code, for its text may quote a row. */
function sentenceOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'Interrupted. What was written stays: the same command goes on from there.';
  if (error instanceof ImportRefused) return error.message;
  const { name, code } = error as { name?: string; code?: string };
  if (code === undefined && error?.constructor === Error) return (error as Error).message;
  return `The import ended early (${[name, code].filter(Boolean).join(' ')}). What was written stays: the same command goes on from there.`;
}

