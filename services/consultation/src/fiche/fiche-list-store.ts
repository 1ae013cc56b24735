import { createKnownCounts } from '@mediai/db';
import { STATUTS, type Statut, type Urgence } from '@mediai/fiche';
import { enCompte, profondeurMax, rangDe, type Compte } from '@mediai/kit/page';
import type { Db } from '../database-store.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Curseur, OrdreFiches } from './curseur.ts';
import { COLONNES_FICHE } from './fiche-row-store.ts';
import { RANG_URGENCE, type Fiche } from './fiche.ts';
import type { FiltreFiches } from './ports.ts';
import { LONGUEUR_TRIGRAMME } from './recherche.ts';

const { sql, join, empty, raw } = Prisma;
type Sql = Prisma.Sql;

const TOUS = Object.keys(STATUTS) as Statut[];
/** In the text: PostgreSQL then knows how many have a state, also where it plans for any values. */
const ETATS = Object.fromEntries(TOUS.map((un) => [un, raw(`status = '${un}'`)])) as Record<Statut, Sql>;
const RANGS = Object.fromEntries(Object.entries(RANG_URGENCE).map(([une, rang]) => [une, raw(`urgence_rang = ${rang}::int2`)])) as Record<Urgence, Sql>;

/** Order of a list: the columns compared, and their direction; the index that serves it has the same. */
const ORDRES: Record<OrdreFiches, { colonnes: Sql; ordre: Sql; apres: (curseur: Curseur) => Sql }> = {
  created_at: { colonnes: sql`created_at, id`, ordre: sql`created_at, id`, apres: ({ created_at, id }) => sql`(created_at, id) > (${created_at}::timestamptz, ${id}::int)` },
  '-created_at': { colonnes: sql`created_at, id`, ordre: sql`created_at DESC, id DESC`, apres: ({ created_at, id }) => sql`(created_at, id) < (${created_at}::timestamptz, ${id}::int)` },
  urgence: { colonnes: sql`urgence_rang, created_at, id`, ordre: sql`urgence_rang, created_at, id`, apres: ({ rang, created_at, id }) => sql`(urgence_rang, created_at, id) > (${rang}::int2, ${created_at}::timestamptz, ${id}::int)` },
  '-urgence': { colonnes: sql`urgence_rang, created_at, id`, ordre: sql`urgence_rang DESC, created_at DESC, id DESC`, apres: ({ rang, created_at, id }) => sql`(urgence_rang, created_at, id) < (${rang}::int2, ${created_at}::timestamptz, ${id}::int)` },
};

/** What pages of twenty, fifty and a hundred read, one row more each. */
const PAGES = [21, 51, 101];
/** Rows that a branch may give at most: a first page of those sizes, or what lies before a page and the page. */
const BORDS = [...PAGES, 501, 2_001, profondeurMax + 1];
/*
 * Bounds stand in the text: PostgreSQL keeps no plan for a LIMIT that it does not know. It reckons with a tenth of the
 * rows, and would rather plan each page of a large table anew. They are few, so that the texts are.
 */
const bord = (rangs: number): Sql => raw(String(BORDS.find((un) => un >= rangs) ?? rangs));
const longueur = (lignes: number): Sql => (PAGES.includes(lignes) ? raw(String(lignes)) : sql`${lignes}::int`);

/**
 * A page of full fiches as one statement, at any depth and for any reach the same work: each branch of the filter is read
 * in the order of the list from an index of its own and stops at the page's end; only the page's rows are read whole.
 * One row more than the page tells whether the list goes on.
 */
export function requetePage(filtre: FiltreFiches): Sql {
  const { colonnes, ordre, apres } = ORDRES[filtre.ordre];
  const avant = filtre.curseur ? 0 : rangDe(filtre);
  const suite = filtre.curseur ? [apres(filtre.curseur)] : [];
  const parties = branches(filtre).map(({ conditions, prefixe }) => sql`(SELECT ${colonnes} FROM fiche_consultation WHERE ${et([...conditions, ...suite])} ORDER BY ${prefixe}${ordre} LIMIT ${bord(avant + filtre.pageSize + 1)})`);
  return sql`
    SELECT ${raw(COLONNES_FICHE)} FROM (
      SELECT ${colonnes} FROM (${join(parties, ' UNION ALL ')}) AS trouvees ORDER BY ${ordre} OFFSET ${avant}::int LIMIT ${longueur(filtre.pageSize + 1)}
    ) AS page JOIN fiche_consultation AS fiche USING (id) ORDER BY ${ordreDe('fiche', filtre.ordre)}`;
}

/** How many fiches a list holds, counted no further than one beyond the depth of pages. */
export function requeteCompte(filtre: FiltreFiches): Sql {
  const parties = branches(filtre).map(({ conditions }) => sql`(SELECT 1 FROM fiche_consultation WHERE ${et(conditions)} LIMIT ${profondeurMax + 1}::int)`);
  return sql`SELECT count(*)::int AS lus FROM (SELECT 1 FROM (${join(parties, ' UNION ALL ')}) AS trouvees LIMIT ${profondeurMax + 1}::int) AS comptees`;
}

/** Lists of fiches in PostgreSQL: two statements, whatever is asked for; one where a long list was counted of late. */
export function createListeFiches({ sql: base }: Db) {
  const compter = createKnownCounts(async ({ sql: texte, params }) => (await base.$queryRawUnsafe<{ lus: number }[]>(texte, ...params))[0]?.lus ?? 0);
  return async (filtre: FiltreFiches): Promise<{ fiches: Fiche[]; suite: boolean } & Compte> => {
    if (filtre.status?.length === 0 || filtre.urgence?.length === 0) return { fiches: [], suite: false, ...enCompte(0) };
    const [page, compte] = [requetePage(filtre), requeteCompte(filtre)];
    const [fiches, lus] = await Promise.all([base.$queryRawUnsafe<Fiche[]>(page.text, ...page.values), compter({ sql: compte.text, params: compte.values })]);
    return { fiches: fiches.slice(0, filtre.pageSize), suite: fiches.length > filtre.pageSize, ...enCompte(lus) };
  };
}

interface Branche {
  readonly conditions: Sql[];
  /** Names the column of the index that a NULL fixes: PostgreSQL takes only `=` for a constant of the order. */
  readonly prefixe: Sql;
}

/**
 * The filter as disjoint branches, each of which fixes the first columns of an index: what a médecin sees is unassigned,
 * theirs, or their own dossier with a colleague; each state and each urgency that was asked for stands alone.
 */
function branches(filtre: FiltreFiches): Branche[] {
  const { user, etablissementId, visibleDe, assigneeA, status, urgence, isPatientDistance, mots, ordre } = filtre;
  const communes = [
    filtre.supprimees ? sql`deleted_at IS NOT NULL` : sql`deleted_at IS NULL`,
    ...(user === undefined ? [] : [sql`"user" = ${user}::int`]),
    ...(etablissementId === undefined ? [] : [sql`etablissement_id = ${etablissementId}::int`]),
    ...(isPatientDistance === undefined ? [] : [sql`is_patient_distance = ${isPatientDistance}`]),
    ...mots.map(contient),
  ];
  // The indexes of urgency have the state before it: a rare one is then found among the urgent as quickly as a common one.
  const etats = (status ?? (urgence || ordre.endsWith('urgence') ? TOUS : undefined))?.map((un) => [ETATS[un]]) ?? [[]];
  const urgences = urgence?.map((une) => [RANGS[une]]) ?? [[]];
  return portees(assigneeA, visibleDe).flatMap(({ conditions, prefixe }) => etats.flatMap((etat) => urgences.map((rang) => ({ conditions: [...conditions, ...etat, ...rang, ...communes], prefixe }))));
}

function portees(assigneeA: number | undefined, visibleDe: number | undefined): Branche[] {
  const toutes = { conditions: [], prefixe: empty };
  if (assigneeA !== undefined) return [{ ...toutes, conditions: [sql`assigned_medecin = ${assigneeA}::int`] }];
  if (visibleDe === undefined) return [toutes];
  const moi = sql`${visibleDe}::int`;
  return [
    { conditions: [sql`assigned_medecin IS NULL`], prefixe: sql`assigned_medecin, ` },
    { ...toutes, conditions: [sql`assigned_medecin = ${moi}`] },
    { ...toutes, conditions: [sql`"user" = ${moi}`, sql`assigned_medecin <> ${moi}`] },
  ];
}

/** A word anywhere; one too short for the index of trigrams at the beginning of a word, which that index knows as well. */
function contient(mot: string): Sql {
  if (mot.length >= LONGUEUR_TRIGRAMME) return sql`recherche LIKE ${`%${mot}%`}`;
  return sql`(recherche LIKE ${`${mot}%`} OR recherche LIKE ${`% ${mot}%`})`;
}

const et = (conditions: Sql[]): Sql => (conditions.length === 0 ? empty : join(conditions, ' AND '));

function ordreDe(table: 'fiche', ordre: OrdreFiches): Sql {
  const sens = ordre.startsWith('-') ? ' DESC' : '';
  const colonnes = ordre.endsWith('urgence') ? ['urgence_rang', 'created_at', 'id'] : ['created_at', 'id'];
  return raw(colonnes.map((colonne) => `${table}.${colonne}${sens}`).join(', '));
}
