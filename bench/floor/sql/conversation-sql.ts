import type { Portee } from '../../../services/ia/src/acces/acces.ts';
import type { Message } from '../../../services/ia/src/conversation/conversation.ts';
import type { Appel } from '../appel.ts';
import { run, type Db } from '../databases.ts';
import { auditInsert, type Ligne } from './audit-sql.ts';
import { createParams } from './params.ts';

/** What a reader's function gives them of a conversation `c` with its fiche `f`; $2 is the reader, $3 their établissement. */
const CONFIEE: Record<Portee['genre'], string> = {
  patient: 'false',
  medecin: '(f.id IS NOT NULL AND c.etablissement_id = $3 AND (f.assigned_medecin_id IS NULL OR f.assigned_medecin_id = $2))',
  admin: 'c.etablissement_id = $3',
};

/** Which messages such a reader may read. */
function visible(genre: Portee['genre']): string {
  const enPatient = genre === 'patient' ? 'true' : `coalesce(c.fiche_id IS NOT NULL AND c.user_id = $2 AND NOT ${CONFIEE[genre]}, false)`;
  return `(NOT ${enPatient} OR m.role = 'user' OR m.analyse_id = ANY(f.published_analyse_ids))`;
}

const messagesSql = (genre: Portee['genre']): string => `
  SELECT c.user_id, c.fiche_id, c.etablissement_id, f.assigned_medecin_id, f.deleted, m.id, m.role, m.content, m.timestamp, m.analyse_id, $2::int AS lecteur, $3::int AS son_etablissement
  FROM conversation c LEFT JOIN fiche_projection f ON f.id = c.fiche_id LEFT JOIN message_ia m ON m.conversation_id = c.id AND ${visible(genre)}
  WHERE c.id = $1::int AND c.deleted_at IS NULL ORDER BY m.id`;
const SQL: Record<Portee['genre'], string> = { patient: messagesSql('patient'), medecin: messagesSql('medecin'), admin: messagesSql('admin') };

type Row = { user_id: number | null; fiche_id: number | null; etablissement_id: number; assigned_medecin_id: number | null; deleted: boolean | null; id: number | null; role: string; content: string; timestamp: Date; analyse_id: number | null };

export interface Found {
  readonly userId: number | undefined;
  readonly ficheId: number | undefined;
  readonly etablissementId: number;
  readonly assignedMedecinId: number | undefined;
  readonly deleted: boolean;
  readonly messages: Message[];
}

/** A conversation, what decides about it, and what of it a scope may read: one round trip. */
export async function findMessages(db: Db, { genre, userId, etablissementId }: Portee, id: number): Promise<Found | undefined> {
  const rows = await run<Row>(db, SQL[genre], [id, userId, etablissementId]);
  const [first] = rows;
  if (!first) return undefined;
  const messages = rows.flatMap((row) => (row.id === null ? [] : [{ id: row.id, conversationId: id, role: row.role, content: row.content, timestamp: row.timestamp, analyseId: row.analyse_id ?? undefined }]));
  return { userId: first.user_id ?? undefined, ficheId: first.fiche_id ?? undefined, etablissementId: first.etablissement_id, assignedMedecinId: first.assigned_medecin_id ?? undefined, deleted: first.deleted ?? false, messages };
}

/** Writes one line about a conversation. */
export async function noteConversation(db: Db, { id, etablissementId }: { id: number; etablissementId: number }, appel: Appel, ligne: Ligne): Promise<void> {
  const params = createParams();
  await run(db, auditInsert(params, `(SELECT ${params.add(id, 'int')} AS id, ${params.add(etablissementId, 'int')} AS etablissement_id)`, ligne, appel), params.values);
}
