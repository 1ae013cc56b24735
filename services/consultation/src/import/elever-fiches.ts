import { idArray, tables, type Source } from '@mediai/import-django';
import type { Fiche } from '../fiche/fiche.ts';
import type { Trier } from '../fiche/ports.ts';
import { textesDe } from '../lab/lab-result.ts';
import { CONTENT_MAX } from '../message/message.ts';
import { hausseDe, type TexteAjoute } from '../piece/hausse.ts';
import { graves } from './juger-fiches.ts';

/** What the rules read beside fiches, by fiche. */
export type Autour = ReadonlyMap<number, readonly TexteAjoute[]>;

type Resultat = { fiche_id: number; type_analyse: string; valeur: string; unite: string | null; commentaire: string | null };

/** What the patients of these fiches wrote about them in the original, and what laboratories found. */
export async function lireAutour(source: Source, fiches: readonly number[]): Promise<Autour> {
  const messages = await source.query<{ fiche_id: number; content: string }>(
    `SELECT m.fiche_id, left(m.content, ${CONTENT_MAX}) AS content FROM ${tables.ficheMessages} m JOIN ${tables.fiches} f ON f.id = m.fiche_id
     WHERE m.fiche_id = ANY($1::int8[]) AND m.author_id = f.user_id ORDER BY m.id`, [idArray(fiches)]);
  const resultats = (await source.byIds(tables.labResults, ['fiche_id', 'type_analyse', 'valeur', 'unite', 'commentaire'], 'fiche_id', fiches)) as Resultat[];
  const autour = new Map<number, TexteAjoute[]>();
  const noter = (fiche: number, source: TexteAjoute['source'], textes: string[]): void => void autour.set(fiche, [...(autour.get(fiche) ?? []), { textes, source }]);
  for (const [fiche, rows] of Map.groupBy(messages, ({ fiche_id }) => fiche_id)) noter(fiche, 'messages', rows.map(({ content }) => content));
  for (const [fiche, rows] of Map.groupBy(resultats, ({ fiche_id }) => fiche_id)) noter(fiche, 'lab_results', rows.flatMap((row) => textesDe({ ...row, commentaire: row.commentaire || null })));
  return autour;
}

/** A fiche with what stands beside it: as here, urgency only rises by it, and signs are only added. Ages are those of then. */
export function eleverFiche(fiche: Fiche, ajoutes: readonly TexteAjoute[], trier: Trier): Fiche {
  const elevee = ajoutes.reduce((avant, ajoute) => ({ ...avant, ...hausseDe(avant, ajoute, trier, fiche.created_at), triage_calcule_le: fiche.triage_calcule_le }), fiche);
  return elevee.status === 'valide_medecin' ? { ...elevee, signes_non_acquittes: graves(elevee) } : elevee;
}
