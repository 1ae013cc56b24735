import type { Source } from './source.ts';

export type Sorte = 'entier' | 'texte' | 'booleen' | 'decimal' | 'date' | 'heure' | 'instant';

/** A table of the original as it is expected. */
export type Forme = { readonly table: string; readonly colonnes: { readonly [colonne: string]: Sorte } };

/** PostgreSQL's types that Django's fields of a kind have had. */
const types: Record<Sorte, readonly string[]> = {
  entier: ['int4', 'int8', 'int2'],
  texte: ['varchar', 'text', 'bpchar', 'citext'],
  booleen: ['bool'],
  decimal: ['float8', 'float4', 'numeric'],
  date: ['date'],
  heure: ['time'],
  instant: ['timestamptz'],
};

export type Examen = {
  /** What is missing or otherwise than expected, as sentences; nothing may be read then. */
  fautes: string[];
  /** Columns that are there and that nobody reads. */
  enPlus: { table: string; colonnes: string[] }[];
};

/** Compares the tables with what is expected of them. */
export async function examineFormes(source: Source, formes: readonly Forme[]): Promise<Examen> {
  const examen: Examen = { fautes: [], enPlus: [] };
  for (const { table, colonnes } of formes) {
    const presentes = await columnsOf(source, table);
    if (presentes.size === 0) {
      examen.fautes.push(`There is no table ${table}.`);
      continue;
    }
    for (const [colonne, sorte] of Object.entries(colonnes)) {
      const type = presentes.get(colonne);
      if (type === undefined) examen.fautes.push(`${table} has no column ${colonne} (expected: ${types[sorte][0]}).`);
      else if (!types[sorte].includes(type)) examen.fautes.push(`${table}.${colonne} is of type ${type}, expected was ${types[sorte].join(' or ')}.`);
    }
    const enPlus = [...presentes.keys()].filter((colonne) => !(colonne in colonnes));
    if (enPlus.length > 0) examen.enPlus.push({ table, colonnes: enPlus });
  }
  return examen;
}

/** Columns and their types by name; empty when there is no such table. */
async function columnsOf(source: Source, table: string): Promise<Map<string, string>> {
  const rows = await source.query<{ nom: string; type: string }>(
    `SELECT a.attname AS nom, t.typname AS type FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
     WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped`, [table]);
  return new Map(rows.map(({ nom, type }) => [nom, type]));
}

/** The tables whose names begin so, beside those named. */
export async function otherTables(source: Source, prefix: string, known: readonly string[]): Promise<string[]> {
  const rows = await source.query<{ nom: string }>(
    `SELECT c.relname AS nom FROM pg_class c WHERE c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid) AND left(c.relname::text, length($1)) = $1 AND c.relname::text <> ALL($2) ORDER BY 1`,
    [prefix, known]);
  return rows.map(({ nom }) => nom);
}
