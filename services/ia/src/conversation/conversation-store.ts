import { appendAudit, createAppendLectures, createKnownCounts } from '@mediai/db';
import { findUsers } from '@mediai/events';
import { enCompte, profondeurMax, rangDe, type Compte, type Page } from '@mediai/kit/page';
import type { Db } from '../database-store.ts';
import type { Portee, Situation } from '../acces/acces.ts';
import type { Conversation, Message, Sujet, UserCourt } from './conversation.ts';

/** Who reads, as it is audited. */
export type Lecteur = { acteurId: number; acteurRole: string };

/** An opening, or its refusal: `raison` is the reader's, or the refusal's code. */
export type Acces = Lecteur & { conversationId: number; etablissementId: number; issue: 'ok' | 'refus'; raison: string | undefined };

/** Conversations and messages as an actor may see them; each call costs a constant number of queries. */
export type ConversationStore = {
  list: (portee: Portee, page: Page, ficheId?: number) => Promise<{ conversations: Conversation[] } & Compte>;
  /** Whatever the scope: what decides about it is in `situation`. Texts and counts are those that the scope may see. */
  find: (portee: Portee, id: number) => Promise<{ conversation: Conversation; situation: Situation } | undefined>;
  /** All that the scope may see in one conversation, oldest first. */
  messagesOf: (portee: Portee, conversationId: number) => Promise<Message[]>;
  /** Newest first, with the conversations that they are of. */
  listMessages: (portee: Portee, page: Page) => Promise<{ messages: Message[]; conversations: Sujet[] } & Compte>;
  /** A message that the scope may read if it may see its conversation. */
  findMessage: (portee: Portee, id: number) => Promise<Message | undefined>;
  /** The known ones, by id. */
  users: (ids: readonly number[]) => Promise<Map<number, UserCourt>>;
  /** Audits it. */
  noteAccess: (acces: Acces) => Promise<void>;
  /** Audits that these were shown together, once an hour for each reader. */
  notePage: (lecteur: Lecteur, conversations: readonly Sujet[]) => Promise<void>;
};

type LigneConversation = {
  id: number; nom: string | null; user_id: number | null; fiche_id: number | null; etablissement_id: number; created_at: Date; updated_at: Date;
  numero_dossier: string | null; assigned_medecin_id: number | null; deleted: boolean | null; messages_count: number; first_message: string | null; first_user_message: string | null;
};
type LigneSujet = { conversation_id: number; user_id: number | null; fiche_id: number | null; etablissement_id: number };
type LigneMessage = { id: number; conversation_id: number; role: string; content: string; timestamp: Date; analyse_id: number | null };

/** The reader, as `l`: $1 and $2 of every query. */
const LECTEUR = '(SELECT $1::int AS id, $2::int AS etablissement_id) l';
const FICHE = 'LEFT JOIN fiche_projection f ON f.id = c.fiche_id';
const FROM = `conversation c CROSS JOIN ${LECTEUR} ${FICHE}`;
const CONVERSATION = 'c.id, c.nom, c.user_id, c.fiche_id, c.etablissement_id, c.created_at, c.updated_at';
const EXISTS = 'c.deleted_at IS NULL AND NOT coalesce(f.deleted, false)';
const MESSAGE = 'm.id, m.conversation_id, m.role, m.content, m.timestamp, m.analyse_id';

/** What a reader's function gives them. A fiche that is not known here yet is in no médecin's list. */
const CONFIEE: Record<Portee['genre'], string> = {
  patient: 'false',
  medecin: '(f.id IS NOT NULL AND c.etablissement_id = l.etablissement_id AND (f.assigned_medecin_id IS NULL OR f.assigned_medecin_id = l.id))',
  admin: 'c.etablissement_id = l.etablissement_id',
};

/** What a scope may list. */
const contenue = ({ genre }: Portee): string => `(c.user_id = l.id OR ${CONFIEE[genre]})`;

/** Which messages of a conversation that is theirs to read a scope may read. */
function visible({ genre }: Portee): string {
  const enPatient = genre === 'patient' ? 'true' : `coalesce(c.fiche_id IS NOT NULL AND c.user_id = l.id AND NOT ${CONFIEE[genre]}, false)`;
  return `(NOT ${enPatient} OR m.role = 'user' OR m.analyse_id = ANY(f.published_analyse_ids))`;
}

const lecteur = ({ userId, etablissementId }: Portee): number[] => [userId, etablissementId];

/** The rows of `page` with what their reader may see of their messages. */
const withMessages = (page: string, portee: Portee): string => `
  WITH page AS (${page})
  SELECT c.id, c.nom, c.user_id, c.fiche_id, c.etablissement_id, c.created_at, c.updated_at, f.numero_dossier, f.assigned_medecin_id, f.deleted,
    vus.nombre AS messages_count, left(premier.content, 600) AS first_message, left(question.content, 60) AS first_user_message
  FROM page c CROSS JOIN ${LECTEUR} ${FICHE}
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS nombre, min(m.id) AS premier, min(m.id) FILTER (WHERE m.role = 'user') AS question
    FROM message_ia m WHERE m.conversation_id = c.id AND ${visible(portee)}) vus
  LEFT JOIN message_ia premier ON premier.id = vus.premier
  LEFT JOIN message_ia question ON question.id = vus.question
  ORDER BY c.id DESC`;

/** SQL <-> domain, on PostgreSQL. */
export function createConversationStore({ sql: base }: Db): ConversationStore {
  const query = <T>(sql: string, portee: Portee, ...params: number[]): Promise<T[]> => base.$queryRawUnsafe<T[]>(sql, ...lecteur(portee), ...params) as Promise<T[]>;
  const noterLectures = createAppendLectures(base);
  const known = createKnownCounts(async ({ sql, params }) => (await base.$queryRawUnsafe<{ n: number }[]>(sql, ...params))[0]?.n ?? 0);
  const count = async (sql: string, portee: Portee, ...params: number[]): Promise<Compte> =>
    enCompte(await known({ sql: `SELECT count(*)::int AS n FROM (${sql} LIMIT ${profondeurMax + 1}) AS lus`, params: [...lecteur(portee), ...params] }));

  return {
    async list(portee, page, ficheId) {
      const asked = ficheId === undefined ? [] : [ficheId];
      const where = `${EXISTS} AND ${contenue(portee)}${ficheId === undefined ? '' : ' AND c.fiche_id = $3::int'}`;
      const rows = query<LigneConversation>(withMessages(`SELECT ${CONVERSATION} FROM ${FROM} WHERE ${where} ORDER BY c.id DESC LIMIT ${page.pageSize} OFFSET ${rangDe(page)}`, portee), portee, ...asked);
      const [lignes, compte] = await Promise.all([rows, count(`SELECT 1 FROM ${FROM} WHERE ${where}`, portee, ...asked)]);
      return { conversations: lignes.map(toConversation), ...compte };
    },

    async find(portee, id) {
      const [ligne] = await query<LigneConversation>(withMessages(`SELECT ${CONVERSATION} FROM conversation c WHERE c.id = $3::int AND c.deleted_at IS NULL`, portee), portee, id);
      return ligne && { conversation: toConversation(ligne), situation: toSituation(ligne) };
    },

    async messagesOf(portee, conversationId) {
      const lignes = await query<LigneMessage>(
        `SELECT ${MESSAGE} FROM message_ia m JOIN (${FROM}) ON c.id = m.conversation_id WHERE m.conversation_id = $3::int AND ${visible(portee)} ORDER BY m.id`, portee, conversationId);
      return lignes.map(toMessage);
    },

    async listMessages(portee, page) {
      const from = `FROM message_ia m JOIN (${FROM}) ON c.id = m.conversation_id WHERE ${EXISTS} AND ${contenue(portee)} AND ${visible(portee)}`;
      const rows = query<LigneMessage & LigneSujet>(`SELECT ${MESSAGE}, c.user_id, c.fiche_id, c.etablissement_id ${from} ORDER BY m.id DESC LIMIT ${page.pageSize} OFFSET ${rangDe(page)}`, portee);
      const [lignes, compte] = await Promise.all([rows, count(`SELECT 1 ${from}`, portee)]);
      return { messages: lignes.map(toMessage), conversations: [...new Map(lignes.map((l) => [l.conversation_id, toSujet(l)])).values()], ...compte };
    },

    async findMessage(portee, id) {
      const [ligne] = await query<LigneMessage>(`SELECT ${MESSAGE} FROM message_ia m JOIN (${FROM}) ON c.id = m.conversation_id WHERE m.id = $3::int AND ${visible(portee)}`, portee, id);
      return ligne && toMessage(ligne);
    },

    users: (ids) => findUsers(base, ids),

    noteAccess: ({ conversationId, raison, ...acces }) => appendAudit(base, { ...acces, action: 'conversation.lire', objetType: 'conversation', objetId: conversationId, raison: raison ?? null }),

    notePage: (lecteur, conversations) => noterLectures({ ...lecteur, action: 'conversation.lister', objetType: 'conversation' }, conversations),
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

const toSujet = (l: LigneSujet): Sujet => ({ id: l.conversation_id, userId: l.user_id ?? undefined, ficheId: l.fiche_id ?? undefined, etablissementId: l.etablissement_id });

const toMessage = (l: LigneMessage): Message =>
  ({ id: l.id, conversationId: l.conversation_id, role: l.role, content: l.content, timestamp: l.timestamp, analyseId: l.analyse_id ?? undefined });
