import { quiAgit } from '@mediai/kit/acteur';
import { enCompte, profondeurMax, rangDe, type Compte } from '@mediai/kit/page';
import { STATUTS } from '@mediai/fiche';
import type { Curseur, OrdreFiches } from '../../../services/consultation/src/fiche/curseur.ts';
import { RANG_URGENCE, type Fiche } from '../../../services/consultation/src/fiche/fiche.ts';
import type { FiltreFiches } from '../../../services/consultation/src/fiche/ports.ts';
import { LONGUEUR_TRIGRAMME } from '../../../services/consultation/src/fiche/recherche.ts';
import type { Appel } from '../appel.ts';
import { run, runPlanned, type Db } from '../databases.ts';
import { lecturesInsert } from './audit-sql.ts';
import { colonnesDe } from './fiche-columns.ts';
import { createParams, type Params } from './params.ts';

type Branche = { readonly conditions: readonly string[]; readonly prefixe: string };

const COLONNES: Record<OrdreFiches, string[]> = { created_at: ['created_at', 'id'], '-created_at': ['created_at', 'id'], urgence: ['urgence_rang', 'created_at', 'id'], '-urgence': ['urgence_rang', 'created_at', 'id'] };
const TYPES: Record<string, string> = { urgence_rang: 'int2', created_at: 'timestamptz', id: 'int' };

function ordreDe(ordre: OrdreFiches, alias = ''): string {
  return COLONNES[ordre].map((colonne) => `${alias}${colonne}${ordre.startsWith('-') ? ' DESC' : ''}`).join(', ');
}

function apres(params: Params, { ordre, rang, created_at, id }: Curseur): string {
  const valeurs: Record<string, unknown> = { urgence_rang: rang, created_at: created_at.toISOString(), id };
  const places = COLONNES[ordre].map((colonne) => params.add(valeurs[colonne], TYPES[colonne]));
  return `(${COLONNES[ordre].join(', ')}) ${ordre.startsWith('-') ? '<' : '>'} (${places.join(', ')})`;
}

function contient(params: Params, mot: string): string {
  if (mot.length >= LONGUEUR_TRIGRAMME) return `recherche LIKE ${params.add(`%${mot}%`)}`;
  return `(recherche LIKE ${params.add(`${mot}%`)} OR recherche LIKE ${params.add(`% ${mot}%`)})`;
}

function portees(params: Params, { assigneeA, visibleDe }: FiltreFiches): Branche[] {
  if (assigneeA !== undefined) return [{ prefixe: '', conditions: [`assigned_medecin = ${params.add(assigneeA, 'int')}`] }];
  if (visibleDe === undefined) return [{ prefixe: '', conditions: [] }];
  const moi = params.add(visibleDe, 'int');
  return [
    { prefixe: 'assigned_medecin, ', conditions: ['assigned_medecin IS NULL'] },
    { prefixe: '', conditions: [`assigned_medecin = ${moi}`] },
    { prefixe: '', conditions: [`"user" = ${moi}`, `assigned_medecin <> ${moi}`] },
  ];
}

/** The filter as disjoint branches, each of which an index serves in the order of the list. */
function branches(params: Params, filtre: FiltreFiches): Branche[] {
  const { user, etablissementId, status, urgence, isPatientDistance, mots, ordre } = filtre;
  const communes = [
    filtre.supprimees ? 'deleted_at IS NOT NULL' : 'deleted_at IS NULL',
    ...(user === undefined ? [] : [`"user" = ${params.add(user, 'int')}`]),
    ...(etablissementId === undefined ? [] : [`etablissement_id = ${params.add(etablissementId, 'int')}`]),
    ...(isPatientDistance === undefined ? [] : [`is_patient_distance = ${params.add(isPatientDistance, 'bool')}`]),
    ...mots.map((mot) => contient(params, mot)),
  ];
  const etats = (status ?? (urgence || ordre.endsWith('urgence') ? Object.keys(STATUTS) : undefined))?.map((un) => [`status = ${params.add(un)}`]) ?? [[]];
  const urgences = urgence?.map((une) => [`urgence_rang = ${params.add(RANG_URGENCE[une], 'int2')}`]) ?? [[]];
  return portees(params, filtre).flatMap(({ conditions, prefixe }) => etats.flatMap((etat) => urgences.map((rang) => ({ prefixe, conditions: [...conditions, ...etat, ...rang, ...communes] }))));
}

const union = (parties: string[]): string => `(${parties.join(' UNION ALL ')}) AS trouvees`;

/**
 * A page of fiches, its count, and the lines of the journal for those shown that are not the reader's own: one round trip.
 * One row more than the page tells whether the list goes on.
 */
export async function listFiches(db: Db, filtre: FiltreFiches, appel: Appel): Promise<{ fiches: Fiche[]; suite: boolean } & Compte> {
  if (filtre.status?.length === 0 || filtre.urgence?.length === 0) return { fiches: [], suite: false, ...enCompte(0) };
  const { ordre, pageSize, curseur } = filtre;
  const params = createParams();
  const parties = branches(params, filtre);
  const avant = curseur ? 0 : rangDe(filtre);
  const suite = curseur ? [apres(params, curseur)] : [];
  const lues = parties.map(({ conditions, prefixe }) => `(SELECT ${COLONNES[ordre].join(', ')} FROM fiche_consultation WHERE ${[...conditions, ...suite].join(' AND ')} ORDER BY ${prefixe}${ordreDe(ordre)} LIMIT ${avant + pageSize + 1})`);
  const comptees = parties.map(({ conditions }) => `(SELECT 1 FROM fiche_consultation WHERE ${conditions.join(' AND ')} LIMIT ${profondeurMax + 1})`);
  const text = `WITH page AS (SELECT * FROM ${union(lues)} ORDER BY ${ordreDe(ordre)} OFFSET ${avant} LIMIT ${pageSize + 1}),
    compte AS (SELECT count(*)::int AS lus FROM (SELECT 1 FROM ${union(comptees)} LIMIT ${profondeurMax + 1}) AS comptees)${notes(params, filtre, appel)}
    SELECT compte.lus, page.id IS NOT NULL AS trouvee, ${colonnesDe('fiche')} FROM compte LEFT JOIN (page JOIN fiche_consultation AS fiche USING (id)) ON true ORDER BY ${ordreDe(ordre, 'fiche.')}`;
  const rows = await (filtre.mots.length > 0 ? runPlanned : run)<Fiche & { lus: number; trouvee: boolean }>(db, text, params.values);
  const fiches = rows.filter(({ trouvee }) => trouvee);
  return { fiches: fiches.slice(0, pageSize), suite: fiches.length > pageSize, ...enCompte(rows[0]?.lus ?? 0) };
}

/** A patient's list holds their own alone, whose reading nobody notes. */
function notes(params: Params, { ordre, pageSize }: FiltreFiches, appel: Appel): string {
  const { acteur } = appel;
  const qui = quiAgit(acteur);
  if (qui === 'patient') return '';
  const montrees = `montrees AS (SELECT f.id, f.etablissement_id FROM (SELECT id FROM page ORDER BY ${ordreDe(ordre)} LIMIT ${pageSize}) AS vues JOIN fiche_consultation f USING (id) WHERE f."user" IS DISTINCT FROM ${params.add(acteur.id, 'int')})`;
  return `, ${montrees}, notes AS (${lecturesInsert(params, 'montrees', { acteurId: acteur.id, acteurRole: qui, action: 'fiche.lister', objetType: 'fiche' }, appel)})`;
}
