import type { Acteur } from '@mediai/kit/acteur';
import { AppError, forbidden, invalid, notFound, unauthenticated } from '@mediai/kit/errors';

/** Which conversations an actor may see; what an IA wrote is hidden from a patient until it is published. */
export type Portee =
  | { genre: 'patient'; userId: number }
  | { genre: 'medecin'; userId: number; etablissementId: number }
  | { genre: 'etablissement'; etablissementId: number };

/** What decides about one conversation. */
export type Situation = { userId: number | undefined; etablissementId: number; fiche: { assignedMedecinId: number | undefined; deleted: boolean } | undefined };

export type Verdict = 'oui' | 'introuvable' | 'motif_requis';

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

/**
 * What an actor may see at all; an admin (`is_staff`, whatever the role) sees the établissement.
 * @throws AppError unauthenticated, or forbidden for a service and for a médecin who waits for approval
 */
export function porteeDe(acteur: Acteur | undefined): Portee {
  if (!acteur) throw unauthenticated();
  if (acteur.role === 'service') throw forbidden();
  if (acteur.estAdmin) return { genre: 'etablissement', etablissementId: acteur.etablissementId };
  if (acteur.role === 'patient') return { genre: 'patient', userId: acteur.id };
  if (!acteur.approuve) throw forbidden('compte.en_attente', "Votre compte attend l'approbation d'un administrateur.");
  return { genre: 'medecin', userId: acteur.id, etablissementId: acteur.etablissementId };
}

/** Whether one conversation is theirs to see; a colleague's fiche needs a reason, anything else does not exist. */
export function juger(portee: Portee, { userId, etablissementId, fiche }: Situation): Verdict {
  if (fiche?.deleted) return 'introuvable';
  if (portee.genre !== 'etablissement' && userId === portee.userId) return 'oui';
  if (portee.genre === 'patient' || etablissementId !== portee.etablissementId) return 'introuvable';
  if (portee.genre === 'etablissement') return 'oui';
  if (!fiche) return 'introuvable';
  return fiche.assignedMedecinId === undefined || fiche.assignedMedecinId === portee.userId ? 'oui' : 'motif_requis';
}

/** Whether a message is theirs to read in a conversation that is. */
export function estVisible(portee: Portee, message: Pick<Message, 'role' | 'analyseId'>, analysesPubliees: readonly number[]): boolean {
  return portee.genre !== 'patient' || message.role === 'user' || (message.analyseId !== undefined && analysesPubliees.includes(message.analyseId));
}

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

export const conversationIntrouvable = (): AppError => notFound('conversation.introuvable', 'Conversation introuvable.');
export const messageIntrouvable = (): AppError => notFound('message.introuvable', 'Message introuvable.');
export const motifRequis = (): AppError => forbidden('acces.motif_requis', 'Cette fiche est suivie par un autre médecin : indiquez le motif de votre accès.');
