import { closeSync, createReadStream, existsSync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Ecart, Jugement } from './ecart.ts';
import { tables } from './tables.ts';

export type Compte = {
  lues: number;
  /** Taken over by this run; by a dry run: would be. */
  reprises: number;
  /** Taken over by an earlier run. */
  deja: number;
  /** Not taken over. */
  ecartees: number;
  /** Taken over with a column left out or changed. */
  reservees: number;
};

type Motif = { table: string; colonne: string | null; raison: string; effet: Ecart['effet']; nombre: number; exemples: number[] };

const maxExamples = 10;
/** Rows of other tables belong to rows of these: whose are left out is remembered. */
const referees: readonly string[] = [tables.users, tables.fiches];

/** What one service's import did. Every row that did not fit goes to `fichier` as it comes; only counts stay in memory. */
export function createRapport({ service, apply, fichier, now }: { service: string; apply: boolean; fichier: string | undefined; now: Date }) {
  const comptes = new Map<string, Compte>();
  const motifs = new Map<string, Motif>();
  const adaptations = new Map<string, { table: string; phrase: string; nombre: number }>();
  const nonReprises = new Map<string, number>();
  const colonnesNonReprises: string[] = [];
  const ecartees = new Map(referees.map((table) => [table, new Set<number>()]));
  const file = fichier === undefined ? undefined : openSync(fichier, 'w');
  let written = 0;
  const write = (text: string): void => void (file !== undefined && writeSync(file, text));
  const head = { original: 'django', service, mode: apply ? 'apply' : 'dry-run', started_at: now.toISOString() };
  write(`${JSON.stringify(head).slice(0, -1)},"ecarts":[`);

  const compte = (table: string): Compte => {
    const known = comptes.get(table) ?? { lues: 0, reprises: 0, deja: 0, ecartees: 0, reservees: 0 };
    comptes.set(table, known);
    return known;
  };
  const noter = (ecarts: readonly Ecart[]): void => {
    for (const ecart of ecarts) {
      const { table, id, colonne, raison, effet } = ecart;
      const cle = `${table}|${colonne}|${effet}|${raison}`;
      const motif = motifs.get(cle) ?? { table, colonne, raison, effet, nombre: 0, exemples: [] };
      motif.nombre += 1;
      if (motif.exemples.length < maxExamples) motif.exemples.push(id);
      motifs.set(cle, motif);
      // One to a line, so that a long report can be read line by line.
      write(`${written++ > 0 ? ',' : ''}\n${JSON.stringify(ecart)}`);
    }
  };

  return {
    compte,
    noter,
    /** Counts a judged row: what becomes of it, what was changed of it, what did not fit. */
    juger(table: string, { id, nouvelle, ecarts, adaptations: phrases = [] }: Jugement<unknown>, sort: 'reprise' | 'deja' | 'ecartee'): void {
      noter(ecarts);
      const known = compte(table);
      known.lues += 1;
      if (sort === 'ecartee' || nouvelle === null) {
        known.ecartees += 1;
        ecartees.get(table)?.add(id);
      } else {
        if (sort === 'deja') known.deja += 1;
        else known.reprises += 1;
        if (ecarts.some(({ effet, table: sienne }) => effet === 'colonne' && sienne === table)) known.reservees += 1;
      }
      for (const phrase of phrases) {
        const entry = adaptations.get(`${table}|${phrase}`) ?? { table, phrase, nombre: 0 };
        entry.nombre += 1;
        adaptations.set(`${table}|${phrase}`, entry);
      }
    },
    /** Whether this run has left this row out, of a table to whose rows others belong. */
    estEcartee: (table: string, id: number): boolean => ecartees.get(table)?.has(id) ?? false,
    /** A table of which this version keeps nothing. */
    nonReprise: (table: string, nombre: number): void => void nonReprises.set(table, nombre),
    /** A column that nobody reads. */
    colonneNonReprise: (nom: string): void => void colonnesNonReprises.push(nom),
    /** How many rows or columns did not fit. */
    total: (): number => written,
    comptes: (): ReadonlyMap<string, Compte> => comptes,

    /** Ends the file; `complet` is false when the run was cut short. */
    finir(complet: boolean): void {
      const end = { complet, tables: Object.fromEntries(comptes), motifs: [...motifs.values()], adaptations: [...adaptations.values()], non_reprises: Object.fromEntries(nonReprises), colonnes_non_reprises: colonnesNonReprises };
      write(`\n],${JSON.stringify(end).slice(1)}\n`);
      if (file !== undefined) closeSync(file);
    },

    /** The report as lines for a terminal. */
    lignes(): string[] {
      const lines: string[] = [];
      for (const [table, { lues, reprises, deja, ecartees, reservees }] of comptes) {
        const parts = [`${lues} read`, `${reprises} ${apply ? 'taken over' : 'to take over'}`];
        if (deja > 0) parts.push(`${deja} taken over before`);
        if (ecartees > 0) parts.push(`${ecartees} left out`);
        if (reservees > 0) parts.push(`${reservees} with a column left out or changed`);
        lines.push(`${ecartees + reservees > 0 ? '!' : '✓'} ${table}: ${parts.join(', ')}`);
      }
      for (const { table, colonne, raison, effet, nombre, exemples } of motifs.values()) {
        const where = colonne === null ? table : `${table}.${colonne}`;
        lines.push(`  ${where}: ${raison} (${effet === 'ligne' ? 'row left out' : 'row kept'}): ${nombre} × id ${exemples.join(', ')}${nombre > exemples.length ? ', …' : ''}`);
      }
      for (const { table, phrase, nombre } of adaptations.values()) lines.push(`  ${table}: ${phrase}: ${nombre}`);
      for (const nom of colonnesNonReprises) lines.push(`- ${nom}: unknown column, not taken over by this version`);
      for (const [table, nombre] of nonReprises) lines.push(`- ${table}: ${nombre} row${nombre === 1 ? '' : 's'}, not taken over by this version`);
      return lines;
    },
  };
}

export type Rapport = ReturnType<typeof createRapport>;

/** Ids of the rows that earlier reports left out, by table. @throws Error for a file that is not there */
export async function readRejets(fichiers: readonly string[]): Promise<Map<string, Set<number>>> {
  const rejets = new Map<string, Set<number>>();
  for (const fichier of fichiers) {
    if (!existsSync(fichier)) throw new Error(`There is no report ${fichier}.`);
    for await (const line of createInterface({ input: createReadStream(fichier, 'utf8') })) {
      if (!line.startsWith('{"table":')) continue;
      const { table, id, effet } = JSON.parse(line.replace(/,$/, '')) as Ecart;
      if (effet === 'ligne' && referees.includes(table)) rejets.set(table, (rejets.get(table) ?? new Set()).add(id));
    }
  }
  return rejets;
}
