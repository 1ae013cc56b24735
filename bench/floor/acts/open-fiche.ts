import { auteurDe } from '@mediai/kit/acteur';
import { AppError } from '@mediai/kit/errors';
import { estSienne, exiger, may, MOTIF_VALABLE_MS, refus, type Action } from '../../../services/consultation/src/acces/acces.ts';
import { MOTIF } from '../../../services/consultation/src/acces/journal.ts';
import type { Fiche } from '../../../services/consultation/src/fiche/fiche.ts';
import type { Appel } from '../appel.ts';
import { run, type Db, type Pools } from '../databases.ts';
import { auditInsert, type Ligne } from '../sql/audit-sql.ts';
import { findAndNote, findFiche } from '../sql/fiche-read-sql.ts';
import { createParams } from '../sql/params.ts';

type Sujet = Pick<Fiche, 'id' | 'etablissement_id'>;
type Pool = Pools['consultation'];

/** An act that may be done, with the reason that covers it. */
export interface Permis {
  readonly action: string;
  readonly raison?: string | undefined;
}

/** Writes one line about a fiche; one that does not exist is 0 of 0. */
async function note(db: Db, { id, etablissement_id }: Sujet, appel: Appel, ligne: Pick<Ligne, 'action' | 'issue' | 'raison'>): Promise<void> {
  const params = createParams();
  const source = `(SELECT ${params.add(id, 'int')} AS id, ${params.add(etablissement_id, 'int')} AS etablissement_id)`;
  await run(db, auditInsert(params, source, { ...auteurDe(appel.acteur), objetType: 'fiche', ...ligne }, appel), params.values);
}

/** Notes a refusal where there is a fiche; takes as long where there is none, and notes nothing. */
async function noteRefus(pool: Pool, fiche: Sujet | undefined, appel: Appel, action: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN; SET LOCAL synchronous_commit = off');
    await note(client, fiche ?? { id: 0, etablissement_id: 0 }, appel, { action, issue: 'refus' });
    await client.query(fiche ? 'COMMIT' : 'ROLLBACK');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

const MOTIF_DONNE = "SELECT raison FROM audit WHERE objet_type = 'fiche' AND objet_id = $1 AND acteur_id = $2 AND action = $3 AND le >= $4::timestamptz ORDER BY id DESC LIMIT 1";

async function motifDonne(pool: Pool, ficheId: number, acteurId: number): Promise<string | undefined> {
  const [row] = await run<{ raison: string | null }>(pool, MOTIF_DONNE, [String(ficheId), acteurId, MOTIF, new Date(Date.now() - MOTIF_VALABLE_MS).toISOString()]);
  return row?.raison ?? undefined;
}

/** Whether an actor may do this with a fiche, by the rules of consultation. @throws AppError the refusal, noted unless `discret` */
async function admit(pool: Pool, appel: Appel, action: Action, id: number, fiche: Fiche | undefined, discret = false): Promise<{ fiche: Fiche; permis: Permis }> {
  const { acteur, motif } = appel;
  const permis: Permis = { action: `fiche.${action}` };
  const verdict = may(acteur, action, fiche ?? null);
  if (fiche && verdict === 'oui') return { fiche, permis };
  if (fiche && verdict === 'motif_requis') {
    if (motif) await note(pool, fiche, appel, { action: MOTIF, raison: motif });
    const raison = motif ?? (await motifDonne(pool, id, acteur.id));
    if (raison) return { fiche, permis: { ...permis, raison } };
  }
  if (!discret) await noteRefus(pool, fiche, appel, permis.action);
  throw refus(verdict === 'oui' ? 'introuvable' : verdict);
}

/** A fiche that is read: that it is stands in the journal before it is returned, unless it is the reader's own. @throws AppError */
export async function readFiche(pool: Pool, appel: Appel, action: Action, id: number): Promise<Fiche> {
  const { acteur } = appel;
  exiger(acteur, action);
  const lue = await findAndNote(pool, id, `fiche.${action}`, appel);
  if (lue?.notee && may(acteur, action, lue.fiche) !== 'oui') throw new AppError('internal');
  const { fiche, permis } = await admit(pool, appel, action, id, lue?.fiche);
  if (!lue?.notee && !estSienne(acteur, fiche)) await note(pool, fiche, appel, permis);
  return fiche;
}

/** A fiche that is to be changed; the act is noted by who writes it. @throws AppError */
export async function openFiche(pool: Pool, appel: Appel, action: Action, id: number): Promise<{ fiche: Fiche; permis: Permis }> {
  exiger(appel.acteur, action);
  return admit(pool, appel, action, id, await findFiche(pool, id));
}

/** A fiche about which a mere question is asked: nothing is noted but a reason. @throws AppError */
export async function askFiche(pool: Pool, appel: Appel, action: Action, id: number): Promise<Fiche> {
  exiger(appel.acteur, action);
  return (await admit(pool, appel, action, id, await findFiche(pool, id), true)).fiche;
}
