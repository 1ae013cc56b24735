import { auteurDe } from '@mediai/kit/acteur';
import type { Acte } from '../../../services/consultation/src/acces/journal.ts';
import { RANG_URGENCE, type Changement, type Fiche, type NouvelleFiche } from '../../../services/consultation/src/fiche/fiche.ts';
import { changementDe } from '../../../services/consultation/src/historique/changement.ts';
import type { Appel } from '../appel.ts';
import { run, type Db } from '../databases.ts';
import { auditInsert, type Ligne } from './audit-sql.ts';
import { COLONNES_ECRITES, quoted, versValeur } from './fiche-columns.ts';
import { createParams, type Params } from './params.ts';

type ActeDePersonne = Pick<Acte, 'action' | 'raison'>;

const ligneDe = ({ acteur }: Appel, { action, raison }: ActeDePersonne): Ligne => ({ ...auteurDe(acteur), action, objetType: 'fiche', raison });

/** The line of the history that goes with a write; its fiche is the row of `f`. */
function historiqueInsert(params: Params, avant: Fiche | null, apres: Fiche, { acteur }: Appel, { action }: ActeDePersonne): string {
  const { version, le, acteurId, acteurRole, champs, avant: valeursAvant, apres: valeursApres } = changementDe(avant, apres, { acteur, action });
  const enJson = (valeurs: unknown): string | null => (valeurs === null ? null : JSON.stringify(valeurs));
  const values = [params.add(version, 'int'), params.add(le.toISOString(), 'timestamptz'), params.add(acteurId, 'int'), params.add(acteurRole, 'text'), params.add(action, 'text'), params.add(champs, 'text[]'), params.add(enJson(valeursAvant), 'jsonb'), params.add(enJson(valeursApres), 'jsonb')];
  return `INSERT INTO fiche_changement (fiche, version, le, acteur_id, acteur_role, action, champs, avant, apres, etablissement_id) SELECT f.id, ${values.join(', ')}, f.etablissement_id FROM f`;
}

/** A new fiche with its audit row and the line of its history, in one round trip. */
export async function insertFiche(db: Db, nouvelle: NouvelleFiche, appel: Appel, acte: ActeDePersonne): Promise<Fiche> {
  const valeurs: Record<string, unknown> = { ...nouvelle, urgence_rang: RANG_URGENCE[nouvelle.urgence] };
  const params = createParams();
  const places = COLONNES_ECRITES.map((nom) => params.add(versValeur(nom, valeurs[nom])));
  const audit = auditInsert(params, 'f', ligneDe(appel, acte), appel);
  const historique = historiqueInsert(params, null, { ...nouvelle, id: 0 }, appel, acte);
  const text = `WITH f AS (INSERT INTO fiche_consultation (${COLONNES_ECRITES.map(quoted).join(', ')}) VALUES (${places.join(', ')}) RETURNING id, etablissement_id), acte AS (${audit}), ligne AS (${historique}) SELECT id FROM f`;
  const [row] = await run<{ id: number }>(db, text, params.values);
  return { ...nouvelle, id: (row as { id: number }).id };
}

/** A change of the version that was read, with its audit row and the line of its history; undefined where another write came first. */
export async function updateFiche(db: Db, avant: Fiche, changement: Changement, maintenant: Date, appel: Appel, acte: ActeDePersonne): Promise<Fiche | undefined> {
  const apres = { ...avant, ...changement, version: avant.version + 1, updated_at: maintenant };
  const params = createParams();
  const noms = Object.keys(changement).toSorted();
  const ecrites = [...noms, 'updated_at', 'version'].map((nom) => `${quoted(nom)} = ${params.add(versValeur(nom, (apres as Record<string, unknown>)[nom]))}`);
  const presente = `id = ${params.add(avant.id, 'int')} AND version = ${params.add(avant.version, 'int')} AND deleted_at IS NULL`;
  const audit = auditInsert(params, 'f', ligneDe(appel, acte), appel);
  const historique = historiqueInsert(params, avant, apres, appel, acte);
  const text = `WITH f AS (UPDATE fiche_consultation SET ${ecrites.join(', ')} WHERE ${presente} RETURNING id, etablissement_id), acte AS (${audit}), ligne AS (${historique}) SELECT id FROM f`;
  const rows = await run<{ id: number }>(db, text, params.values);
  return rows.length > 0 ? apres : undefined;
}

const BLOC = 'INSERT INTO numero_dossier_bloc AS bloc (jour, dernier) VALUES ($1::date, $2::int) ON CONFLICT (jour) DO UPDATE SET dernier = bloc.dernier + excluded.dernier RETURNING dernier';

/** Takes a block of dossier numbers of a day: the last of them. */
export async function takeBlock(db: Db, jour: string, taille: number): Promise<number> {
  const [bloc] = await run<{ dernier: number }>(db, BLOC, [jour, taille]);
  return (bloc as { dernier: number }).dernier;
}
