import { analysesOf, formes, isIdInBounds, passeOf, tables, type Contexte, type Ligne, type MessageAnalyse, type Reprise, type ServiceImport, type Source } from '@mediai/import-django';
import type { ConversationImportStore } from './import-store.ts';
import { createJugerConversations, jugerMessages, type AnalyseReprise, type ConversationReprise, type FicheLiee, type MessageRepris } from './juger-conversations.ts';

const lignesParTransaction = 500;
const colonnesConversation = Object.keys(formes.conversations.colonnes);

/** The tables that this import reads: users and fiches to know what is there and whose. */
export const conversationsFormes = [formes.conversations, formes.messages, formes.fiches, formes.users];

/** Ia's part of an import: conversations, their messages, and the analyses of which a patient may read what was published. */
export function createImportConversations(store: ConversationImportStore, etablissementId: number): ServiceImport {
  return {
    sequences: [
      { sequence: 'conversation_id_seq', table: tables.conversations },
      { sequence: 'message_ia_id_seq', table: tables.messages },
      // An analysis has the id of its first message.
      { sequence: 'analyse_ia_id_seq', table: tables.messages },
    ],
    advance: store.advance,
    audit: store.audit(etablissementId),
    close: store.close,
    passes: async (contexte) => {
      const lire = createLire(store, contexte);
      return [passeOf(conversations(store, lire, etablissementId)), passeOf(messages(store, lire, contexte, etablissementId))];
    },
  };
}

type Lire = ReturnType<typeof createLire>;

/** Judges conversations from the original alone, so that messages find them in a dry run as well. */
function createLire(store: ConversationImportStore, { source, estRejete }: Contexte) {
  const juger = createJugerConversations({ maintenant: new Date() });
  return async (lignes: Ligne[]) => {
    const fiches = await fichesOf(source, lignes, (id) => estRejete(tables.fiches, id));
    const presents = await source.present(tables.users, lignes.map(({ user_id }) => user_id));
    const { prises } = await store.etatConversations([...fiches.values()].flatMap(({ premiere }) => (isIdInBounds(premiere) ? (premiere ?? []) : [])));
    return juger(lignes, { fiches, estUtilisateur: (id) => presents.has(id) && !estRejete(tables.users, id), estTenue: (id) => isIdInBounds(id) && !prises.has(id) });
  };
}

function conversations(store: ConversationImportStore, lire: Lire, etablissementId: number): Reprise<ConversationReprise> {
  return {
    forme: formes.conversations,
    taille: lignesParTransaction,
    cible: { etat: store.etatConversations, ecrire: (nouvelles) => store.ecrireConversations(nouvelles, etablissementId) },
    juger: (lignes) => lire(lignes),
  };
}

function messages(store: ConversationImportStore, lire: Lire, { source }: Contexte, etablissementId: number): Reprise<MessageRepris> {
  return {
    forme: formes.messages,
    taille: lignesParTransaction,
    cible: { etat: store.etatMessages, ecrire: (nouveaux) => store.ecrireMessages(nouveaux, etablissementId) },
    async juger(lignes) {
      const lues = await source.byIds(tables.conversations, colonnesConversation, 'id', lignes.map(({ conversation_id }) => conversation_id).filter(isIdInBounds).map(Number));
      const { prises: tenues } = await store.etatConversations(lues.map(({ id }) => Number(id)));
      const jugees = await lire(lues.filter(({ id }) => !tenues.has(Number(id))));
      const conversations = new Map(jugees.flatMap(({ id, nouvelle }) => (nouvelle ? [[id, nouvelle] as const] : [])));
      const analyses = await analysesDe(source, [...conversations.values()]);
      const prises = await store.analysesPrises([...new Set([...analyses.values()].map(({ id }) => id))]);
      return jugerMessages(lignes, { conversations, analyses, prises });
    },
  };
}

/** The fiches that these conversations name and that are taken over, with the first conversation of each. */
async function fichesOf(source: Source, lignes: readonly Ligne[], estRejetee: (id: number) => boolean): Promise<Map<number, FicheLiee>> {
  const ids = [...new Set(lignes.flatMap(({ fiche_id }) => (fiche_id === null ? [] : [Number(fiche_id)])))].filter((id) => !estRejetee(id));
  const fiches = await source.byIds(tables.fiches, ['id', 'user_id'], 'id', ids);
  const premieres = await source.query<{ fiche_id: number; premiere: number }>(
    `SELECT c.fiche_id, min(c.id) AS premiere FROM ${tables.conversations} c JOIN ${tables.fiches} f ON f.id = c.fiche_id
     WHERE c.fiche_id = ANY($1::int8[]) AND (f.user_id IS NULL OR c.user_id = f.user_id) GROUP BY c.fiche_id`, [`{${ids.join(',')}}`]);
  const premiereDe = new Map(premieres.map(({ fiche_id, premiere }) => [fiche_id, premiere]));
  return new Map(fiches.map(({ id, user_id }) => [Number(id), { userId: user_id === null ? null : Number(user_id), premiere: premiereDe.get(Number(id)) ?? null }]));
}

/** The analysis of each message that an IA wrote in these conversations of fiches, by message. */
async function analysesDe(source: Source, reprises: readonly ConversationReprise[]): Promise<Map<number, AnalyseReprise>> {
  const parFiche = new Map(reprises.flatMap((reprise) => (reprise.ficheId === null ? [] : [[reprise.ficheId, reprise] as const])));
  const groupes = Map.groupBy(await analysesOf(source, [...parFiche.keys()]), ({ analyse }) => analyse);
  return new Map([...groupes].flatMap(([id, ecrits]) => {
    const conversation = parFiche.get(ecrits[0]?.fiche ?? 0);
    return conversation ? ecrits.map(({ message }) => [message, analyse(id, ecrits, conversation)] as const) : [];
  }));
}

function analyse(id: number, ecrits: readonly MessageAnalyse[], { ficheId, destination, createdAt }: ConversationReprise): AnalyseReprise {
  const instants = ecrits.map(({ le }) => (le ?? createdAt).getTime());
  return {
    id, ficheId: ficheId ?? 0, conversationId: destination, debut: new Date(Math.min(...instants)), fin: new Date(Math.max(...instants)), voix: ecrits.filter(({ role }) => role !== 'synthese').length,
  };
}
