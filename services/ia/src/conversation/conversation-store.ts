import { appendAudit, findUsers } from '@mediai/events';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Portee, Situation } from '../acces/acces.ts';
import { COMPTE_MAX, enCompte, type Compte, type Conversation, type Message, type Page, type UserCourt } from './conversation.ts';

/** An opening, or its refusal: `raison` is the reader's, or the refusal's code. */
export type Acces = { acteurId: number; acteurRole: string; conversationId: number; etablissementId: number; issue: 'ok' | 'refus'; raison: string | undefined };

/** Conversations and messages as an actor may see them; each call costs a constant number of queries. */
export type ConversationStore = {
  list: (portee: Portee, page: Page, ficheId?: number) => Promise<{ conversations: Conversation[] } & Compte>;
  /** Whatever the scope: what decides about it is in `situation`. Texts and counts are those that the scope may see. */
  find: (portee: Portee, id: number) => Promise<{ conversation: Conversation; situation: Situation } | undefined>;
  /** All that the scope may see in one conversation, oldest first. */
  messagesOf: (portee: Portee, conversationId: number) => Promise<Message[]>;
  /** Newest first. */
  listMessages: (portee: Portee, page: Page) => Promise<{ messages: Message[] } & Compte>;
  /** A message that the scope may read if it may see its conversation. */
  findMessage: (portee: Portee, id: number) => Promise<Message | undefined>;
  /** The known ones, by id. */
  users: (ids: readonly number[]) => Promise<Map<number, UserCourt>>;
  /** Audits it. */
  noteAccess: (acces: Acces) => Promise<void>;
};

type LigneConversation = {
  id: number; nom: string | null; user_id: number | null; fiche_id: number | null; etablissement_id: number; created_at: Date; updated_at: Date;
  numero_dossier: string | null; assigned_medecin_id: number | null; deleted: boolean | null; messages_count: number; first_message: string | null; first_user_message: string | null;
};
type LigneMessage = { id: number; conversation_id: number; role: string; content: string; timestamp: Date; analyse_id: number | null };

const FROM = 'conversation c LEFT JOIN fiche_projection f ON f.id = c.fiche_id';
const EXISTS = 'c.deleted_at IS NULL AND NOT coalesce(f.deleted, false)';

/** Conditions on `c`, `f` and `m`, with their parameters: what a scope may list, and which messages it may read. */
function conditions(portee: Portee): { scope: string; visible: string; params: number[] } {
  switch (portee.genre) {
    case 'patient':
      return { scope: 'c.user_id = $1::int', visible: `(m.role = 'user' OR m.analyse_id = ANY(f.published_analyse_ids))`, params: [portee.userId] };
    case 'medecin':
      return {
        scope: `(c.user_id = $1::int OR (f.id IS NOT NULL AND c.etablissement_id = $2::int AND (f.assigned_medecin_id IS NULL OR f.assigned_medecin_id = $1::int)))`,
        visible: 'true', params: [portee.userId, portee.etablissementId],
      };
    case 'etablissement':
      return { scope: 'c.etablissement_id = $1::int', visible: 'true', params: [portee.etablissementId] };
  }
}

/** The rows of `page` with what their reader may see of their messages. */
const withMessages = (page: string, visible: string): string => `
  WITH page AS (${page})
  SELECT page.id, page.nom, page.user_id, page.fiche_id, page.etablissement_id, page.created_at, page.updated_at, f.numero_dossier, f.assigned_medecin_id, f.deleted,
    vus.nombre AS messages_count, left(premier.content, 600) AS first_message, left(question.content, 60) AS first_user_message
  FROM page LEFT JOIN fiche_projection f ON f.id = page.fiche_id
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS nombre, min(m.id) AS premier, min(m.id) FILTER (WHERE m.role = 'user') AS question
    FROM message_ia m WHERE m.conversation_id = page.id AND ${visible}) vus
  LEFT JOIN message_ia premier ON premier.id = vus.premier
  LEFT JOIN message_ia question ON question.id = vus.question
  ORDER BY page.id DESC`;

/** SQL <-> domain, on PostgreSQL. */
export function createConversationStore(prisma: PrismaClient): ConversationStore {
  const count = async (sql: string, params: readonly number[]): Promise<Compte> => {
    const [row] = await prisma.$queryRawUnsafe<{ n: number }[]>(`SELECT count(*)::int AS n FROM (${sql} LIMIT ${COMPTE_MAX + 1}) AS lus`, ...params);
    return enCompte(row?.n ?? 0);
  };

  return {
    async list(portee, { page, pageSize }, ficheId) {
      const { scope, visible, params } = conditions(portee);
      const where = `${EXISTS} AND ${scope}${ficheId === undefined ? '' : ` AND c.fiche_id = ${Math.trunc(ficheId)}`}`;
      const rows = prisma.$queryRawUnsafe<LigneConversation[]>(
        withMessages(`SELECT c.* FROM ${FROM} WHERE ${where} ORDER BY c.id DESC LIMIT ${pageSize} OFFSET ${(page - 1) * pageSize}`, visible), ...params);
      const [lignes, compte] = await Promise.all([rows, count(`SELECT 1 FROM ${FROM} WHERE ${where}`, params)]);
      return { conversations: lignes.map(toConversation), ...compte };
    },

    async find(portee, id) {
      const { visible } = conditions(portee);
      const [ligne] = await prisma.$queryRawUnsafe<LigneConversation[]>(withMessages(`SELECT c.* FROM conversation c WHERE c.id = $1::int AND c.deleted_at IS NULL`, visible), id);
      return ligne && { conversation: toConversation(ligne), situation: toSituation(ligne) };
    },

    async messagesOf(portee, conversationId) {
      const lignes = await prisma.$queryRawUnsafe<LigneMessage[]>(
        `SELECT m.id, m.conversation_id, m.role, m.content, m.timestamp, m.analyse_id FROM message_ia m JOIN ${FROM} ON c.id = m.conversation_id
         WHERE m.conversation_id = $1::int AND ${conditions(portee).visible} ORDER BY m.id`, conversationId);
      return lignes.map(toMessage);
    },

    async listMessages(portee, { page, pageSize }) {
      const { scope, visible, params } = conditions(portee);
      const from = `FROM message_ia m JOIN (${FROM}) ON c.id = m.conversation_id WHERE ${EXISTS} AND ${scope} AND ${visible}`;
      const rows = prisma.$queryRawUnsafe<LigneMessage[]>(
        `SELECT m.id, m.conversation_id, m.role, m.content, m.timestamp, m.analyse_id ${from} ORDER BY m.id DESC LIMIT ${pageSize} OFFSET ${(page - 1) * pageSize}`, ...params);
      const [lignes, compte] = await Promise.all([rows, count(`SELECT 1 ${from}`, params)]);
      return { messages: lignes.map(toMessage), ...compte };
    },

    async findMessage(portee, id) {
      const [ligne] = await prisma.$queryRawUnsafe<LigneMessage[]>(
        `SELECT m.id, m.conversation_id, m.role, m.content, m.timestamp, m.analyse_id FROM message_ia m JOIN (${FROM}) ON c.id = m.conversation_id
         WHERE m.id = $1::int AND ${conditions(portee).visible}`, id);
      return ligne && toMessage(ligne);
    },

    users: (ids) => findUsers(prisma, ids),

    noteAccess: ({ conversationId, raison, ...acces }) => appendAudit(prisma, { ...acces, action: 'conversation.lire', objetType: 'conversation', objetId: conversationId, raison: raison ?? null }),
  };
}

function toConversation(l: LigneConversation): Conversation {
  return {
    id: l.id, nom: l.nom ?? undefined, userId: l.user_id ?? undefined, ficheId: l.fiche_id ?? undefined, ficheNumero: l.numero_dossier ?? undefined, etablissementId: l.etablissement_id,
    createdAt: l.created_at, updatedAt: l.updated_at, messagesCount: l.messages_count, firstMessage: l.first_message ?? undefined, firstUserMessage: l.first_user_message ?? undefined,
  };
}

function toSituation(l: LigneConversation): Situation {
  const fiche = l.fiche_id === null ? undefined : { assignedMedecinId: l.assigned_medecin_id ?? undefined, deleted: l.deleted ?? false };
  return { userId: l.user_id ?? undefined, etablissementId: l.etablissement_id, fiche };
}

const toMessage = (l: LigneMessage): Message =>
  ({ id: l.id, conversationId: l.conversation_id, role: l.role, content: l.content, timestamp: l.timestamp, analyseId: l.analyse_id ?? undefined });
