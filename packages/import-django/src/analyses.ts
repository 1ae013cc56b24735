import { maxId } from './ids.ts';
import { lireInstant } from './lecteur.ts';
import { idArray, type Source } from './source.ts';

export const rolesIa = ['gpt4', 'claude', 'gemini', 'synthese'] as const;

/** A message of the original that an IA wrote, and the analysis of its fiche to which it belongs. */
export type MessageAnalyse = { message: number; role: string; fiche: number; analyse: number; le: Date | null };

/**
 * The original knew no analyses: it appended the voices' answers and the synthesis to a conversation. Here what a patient
 * may read is decided by analysis, so they are made out again, from its rows alone, in the same way by whoever asks:
 *
 * - a conversation is a fiche's when it names it and its user is the fiche's, or the fiche has none (another person's
 *   conversation about a fiche stays that person's own); several of one fiche count as one;
 * - in it, an analysis ends with a `synthese`; without one, the next begins where a role comes again;
 * - the id of an analysis is that of its first message.
 */
export async function analysesOf(source: Source, fiches: readonly number[]): Promise<MessageAnalyse[]> {
  if (fiches.length === 0) return [];
  const rows = await source.query<{ id: number; role: string; le: string; fiche_id: number; analyse: number }>(
    `WITH siens AS (
       SELECT c.id, c.fiche_id FROM chat_conversation c JOIN chat_ficheconsultation f ON f.id = c.fiche_id
       WHERE c.fiche_id = ANY($1::int8[]) AND (f.user_id IS NULL OR c.user_id = f.user_id)),
     ecrits AS (
       SELECT m.id, m.role, m."timestamp", s.fiche_id,
         count(*) FILTER (WHERE m.role = 'synthese') OVER (PARTITION BY s.fiche_id ORDER BY m.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS suite
       FROM chat_messageia m JOIN siens s ON s.id = m.conversation_id WHERE m.role = ANY($2) AND m.id BETWEEN 1 AND ${maxId}),
     tours AS (SELECT *, row_number() OVER (PARTITION BY fiche_id, suite, role ORDER BY id) AS tour FROM ecrits)
     SELECT id, role, "timestamp" AS le, fiche_id, min(id) OVER (PARTITION BY fiche_id, suite, tour) AS analyse FROM tours ORDER BY id`,
    [idArray(fiches), rolesIa]);
  return rows.map(({ id, role, le, fiche_id, analyse }) => ({ message: id, role, fiche: fiche_id, analyse, le: lireInstant(le) }));
}
