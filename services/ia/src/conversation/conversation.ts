import { AppError, invalid, notFound } from '@mediai/kit/errors';

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

export type Message = { id: number; conversationId: number; role: string; content: string; timestamp: Date; analyseId: number | undefined };

/** Short form of a user; empty texts for one that is not known here. */
export type UserCourt = { id: number; username: string; firstName: string; lastName: string; role: string; isStaff: boolean };

export type Page = { page: number; pageSize: number };
export type Compte = { count: number; countExact: boolean };

const LONGUEUR_TITRE = 30;
const LONGUEUR_APERCU = 500;
/** Up to here a count is exact, and pages can be asked for. */
export const COMPTE_MAX = 10_000;

/** The name given to it, else how its first user message begins. */
export function titreDe({ nom, firstUserMessage }: Pick<Conversation, 'nom' | 'firstUserMessage'>): string {
  if (nom) return nom;
  return firstUserMessage ? `${[...firstUserMessage].slice(0, LONGUEUR_TITRE).join('')}...` : 'Conversation';
}

/** The beginning of the first message: lists are for finding, not for reading. */
export const apercu = (texte: string): string => (texte.length > LONGUEUR_APERCU ? `${[...texte].slice(0, LONGUEUR_APERCU).join('')}...` : texte);

/** @throws AppError invalid for a page that is none, or too deep to be counted */
export function lirePage({ page, pageSize }: Page): Page {
  if (page < 1) throw invalid({ page: ['La page commence à 1.'] });
  if (pageSize < 1 || pageSize > 100) throw invalid({ page_size: ['La taille de page est comprise entre 1 et 100.'] });
  if (page * pageSize > COMPTE_MAX) throw new AppError('invalid', 'pagination.trop_profonde', 'Cette page est trop profonde : affinez la recherche.');
  return { page, pageSize };
}

/** A count of at most `COMPTE_MAX + 1` rows as it is told. */
export const enCompte = (lus: number): Compte => ({ count: Math.min(lus, COMPTE_MAX), countExact: lus <= COMPTE_MAX });

export const messageIntrouvable = (): AppError => notFound('message.introuvable', 'Message introuvable.');
