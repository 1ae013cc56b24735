import { notFound, type AppError } from '@mediai/kit/errors';

/** A conversation as its reader may see it: counts and texts hold only what they may. */
export type Conversation = {
  id: number;
  nom: string | undefined;
  userId: number | undefined;
  ficheId: number | undefined;
  ficheNumero: string | undefined;
  etablissementId: number;
  createdAt: Date;
  updatedAt: Date;
  messagesCount: number;
  firstMessage: string | undefined;
  firstUserMessage: string | undefined;
};

/** What of a conversation tells whose dossier is opened by showing it. */
export type Sujet = Pick<Conversation, 'id' | 'userId' | 'ficheId' | 'etablissementId'>;

export type Message = { id: number; conversationId: number; role: string; content: string; timestamp: Date; analyseId: number | undefined };

/** Short form of a user; empty texts for one that is not known here. */
export type UserCourt = { id: number; username: string; firstName: string; lastName: string; role: string; isStaff: boolean };

const LONGUEUR_TITRE = 30;
const LONGUEUR_APERCU = 500;

/** The name given to it, else how its first user message begins. */
export function titreDe({ nom, firstUserMessage }: Pick<Conversation, 'nom' | 'firstUserMessage'>): string {
  if (nom) return nom;
  return firstUserMessage ? `${[...firstUserMessage].slice(0, LONGUEUR_TITRE).join('')}...` : 'Conversation';
}

/** The beginning of the first message: lists are for finding, not for reading. */
export const apercu = (texte: string): string => (texte.length > LONGUEUR_APERCU ? `${[...texte].slice(0, LONGUEUR_APERCU).join('')}...` : texte);

export const messageIntrouvable = (): AppError => notFound('message.introuvable', 'Message introuvable.');
