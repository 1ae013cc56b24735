import { quiAgit } from '@mediai/kit/acteur';
import type { Fiche } from '../../../services/consultation/src/fiche/fiche.ts';
import type { Appel } from '../appel.ts';
import { run, type Db } from '../databases.ts';
import { auditInsert } from './audit-sql.ts';
import { colonnesDe } from './fiche-columns.ts';
import { createParams } from './params.ts';

export type Lue = { fiche: Fiche; notee: boolean };

const FIND = `SELECT ${colonnesDe('f')} FROM fiche_consultation f WHERE f.id = $1 AND f.deleted_at IS NULL`;

/** A fiche that is not deleted. */
export async function findFiche(db: Db, id: number): Promise<Fiche | undefined> {
  const [fiche] = await run<Fiche>(db, FIND, [id]);
  return fiche;
}

/** One that is not deleted, by its exact dossier number. */
export async function findNumero(db: Db, numero: string): Promise<Fiche | undefined> {
  const [fiche] = await run<Fiche>(db, `SELECT ${colonnesDe('f')} FROM fiche_consultation f WHERE f.numero_dossier = $1 AND f.deleted_at IS NULL`, [numero]);
  return fiche;
}

/**
 * A fiche, and in the same round trip the line of the journal that says that it is read, where no doubt is possible that this
 * actor may: another's fiche of their établissement that no colleague follows. What else there is the caller judges and notes.
 */
export async function findAndNote(db: Db, id: number, action: string, appel: Appel): Promise<Lue | undefined> {
  const { acteur } = appel;
  const qui = quiAgit(acteur);
  const params = createParams();
  const lue = params.add(id, 'int');
  const moi = params.add(acteur.id, 'int');
  const etablissement = params.add(qui === 'admin' || (qui === 'medecin' && acteur.approuve) ? acteur.etablissementId : 0, 'int');
  const suivies = params.add(qui === 'medecin', 'bool');
  const note = auditInsert(params, 'f', { acteurId: acteur.id, acteurRole: qui, action, objetType: 'fiche' }, appel);
  const text = `WITH f AS (SELECT ${colonnesDe('f')} FROM fiche_consultation f WHERE f.id = ${lue} AND f.deleted_at IS NULL),
    note AS (${note} WHERE objet."user" IS DISTINCT FROM ${moi} AND objet.etablissement_id = ${etablissement} AND (NOT ${suivies} OR objet.assigned_medecin IS NULL OR objet.assigned_medecin = ${moi}) RETURNING id)
    SELECT f.*, EXISTS (SELECT FROM note) AS notee FROM f`;
  const [row] = await run<Fiche & { notee: boolean }>(db, text, params.values);
  return row && { fiche: row, notee: row.notee };
}
