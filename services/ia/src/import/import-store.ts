import { advanceSequence, auditBatch, auditTable, claimRows, etatOf, tables, type Etat } from '@mediai/import-django';
import { openDatabase } from '../database-store.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { AnalyseReprise, ConversationReprise, MessageRepris } from './juger-conversations.ts';

export type ConversationImportStore = ReturnType<typeof openConversationImportStore>;

/** By it an analysis that was taken over is known. */
const taskOf = (analyseId: number): string => `import-django-${analyseId}`;

/** Conversations, messages and the analyses made out of them, on the service's own database. */
export function openConversationImportStore(databaseUrl: string) {
  const { db, close } = openDatabase(databaseUrl);
  return {
    close,
    advance: (sequence: string, upTo: number): Promise<void> => advanceSequence(db, sequence, upTo),
    audit: (etablissementId: number) => (table: string, compte: Parameters<typeof auditTable>[2]) => auditTable(db, table, compte, { service: 'ia', etablissementId }),
    etatConversations: (ids: readonly number[]): Promise<Etat> => etatOf(db, tables.conversations, 'conversation', ids),
    etatMessages: (ids: readonly number[]): Promise<Etat> => etatOf(db, tables.messages, 'message_ia', ids),

    /** Of these analyses, those that are here and were not taken over. */
    async analysesPrises(ids: readonly number[]): Promise<Set<number>> {
      const rows = await db.analyse.findMany({ where: { id: { in: [...ids] }, task_id: { notIn: ids.map(taskOf) } }, select: { id: true } });
      return new Set(rows.map(({ id }) => id));
    },

    /** Conversations, marks and the audit line in one transaction. */
    ecrireConversations: (conversations: readonly ConversationReprise[], etablissementId: number): Promise<void> => db.$transaction(async (tx) => {
      const prises = await claimRows(tx, tables.conversations, conversations.map(({ id }) => id));
      const nouvelles = conversations.filter(({ id, destination }) => prises.has(id) && destination === id);
      const ouvertes = await renommerOuvertes(tx, nouvelles);
      await tx.conversation.createMany({ data: nouvelles.filter(({ id }) => !ouvertes.has(id)).map((nouvelle) => versConversation(nouvelle, etablissementId)) });
      await auditBatch(tx, tables.conversations, [...prises], { service: 'ia', etablissementId });
    }),

    /** Messages, the analyses that they begin, marks and the audit line in one transaction. */
    ecrireMessages: (messages: readonly MessageRepris[], etablissementId: number): Promise<void> => db.$transaction(async (tx) => {
      const prises = await claimRows(tx, tables.messages, messages.map(({ id }) => id));
      const nouveaux = messages.filter(({ id }) => prises.has(id));
      const analyses = new Map(nouveaux.flatMap(({ analyse }) => (analyse ? [[analyse.id, analyse] as const] : [])));
      await tx.analyse.createMany({ data: [...analyses.values()].map((analyse) => versAnalyse(analyse, etablissementId)), skipDuplicates: true });
      await tx.messageIa.createMany({
        data: nouveaux.map(({ id, conversationId, role, content, timestamp, analyse }) => ({
          id, conversation_id: conversationId, etablissement_id: etablissementId, role, content, timestamp, analyse_id: analyse?.id ?? null,
        })),
      });
      await auditBatch(tx, tables.messages, [...prises], { service: 'ia', etablissementId });
    }),
  };
}

/** Where an event of the fiche has opened its conversation in the meantime, that one takes the id that clients know; answers which. */
async function renommerOuvertes(tx: Prisma.TransactionClient, nouvelles: readonly ConversationReprise[]): Promise<Set<number>> {
  const parFiche = new Map(nouvelles.flatMap((nouvelle) => (nouvelle.ficheId === null ? [] : [[nouvelle.ficheId, nouvelle] as const])));
  const ouvertes = await tx.conversation.findMany({ where: { fiche_id: { in: [...parFiche.keys()] } }, select: { id: true, fiche_id: true } });
  const renommees = new Set<number>();
  for (const { id, fiche_id } of ouvertes) {
    const nouvelle = parFiche.get(fiche_id ?? 0);
    if (!nouvelle) continue;
    await tx.conversation.update({ where: { id }, data: { id: nouvelle.id, nom: nouvelle.nom, created_at: nouvelle.createdAt }, select: { id: true } });
    renommees.add(nouvelle.id);
  }
  return renommees;
}

function versConversation({ id, nom, userId, ficheId, createdAt, updatedAt }: ConversationReprise, etablissementId: number): Prisma.ConversationCreateManyInput {
  return { id, nom, user_id: userId, fiche_id: ficheId, etablissement_id: etablissementId, created_at: createdAt, updated_at: updatedAt };
}

/** A finished analysis: nobody leases it, and a validation may name it. */
function versAnalyse({ id, ficheId, conversationId, debut, fin, voix }: AnalyseReprise, etablissementId: number): Prisma.AnalyseCreateManyInput {
  return {
    id, task_id: taskOf(id), conversation_id: conversationId, fiche_id: ficheId, etablissement_id: etablissementId, fiche_version: 1, etat: 'terminee',
    demandee_le: debut, commencee_le: debut, finie_le: fin, voix_demandees: voix, voix_valides: voix,
  };
}
