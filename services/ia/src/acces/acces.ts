import { compteEnAttente, quiAgit, type Acteur } from '@mediai/kit/acteur';
import { forbidden, notFound, type AppError } from '@mediai/kit/errors';

export type Action = 'lister' | 'lire' | 'lire_analyse';
export type Verdict = 'oui' | 'role' | 'en_attente' | 'introuvable' | 'motif_requis';

/** Whose eyes read: which conversations their lists hold, and what of them they may read. */
export type Portee = { genre: 'patient' | 'medecin' | 'admin'; userId: number; etablissementId: number };

/** What decides about one conversation. */
export type Situation = { userId: number | undefined; etablissementId: number; fiche: { assignedMedecinId: number | undefined; deleted: boolean } | undefined };

/** Who may read the result of an analysis. */
const LECTEURS_D_ANALYSES: readonly string[] = ['service:consultation'];

/**
 * Whether an actor may do something, with a conversation where one is given. The role is judged before the object.
 *
 * Everybody reads their own; a médecin also those of the fiches of the établissement that are unassigned or assigned to
 * them (a colleague's only with a reason), an admin those of the établissement. Anything else does not exist for them.
 * `oui` for another's fiche is what is known here: its service has the last word when it is opened.
 */
export function may(acteur: Acteur, action: Action, conversation?: Situation): Verdict {
  const qui = quiAgit(acteur);
  if (action === 'lire_analyse') return LECTEURS_D_ANALYSES.includes(qui) ? 'oui' : 'role';
  if (acteur.role === 'service') return 'role';
  if (qui === 'medecin' && !acteur.approuve) return 'en_attente';
  if (!conversation || contient(porteeDe(acteur), conversation)) return 'oui';
  const { etablissementId, fiche } = conversation;
  return qui === 'medecin' && fiche && !fiche.deleted && etablissementId === acteur.etablissementId ? 'motif_requis' : 'introuvable';
}

/** The scope of an actor who may list. */
export function porteeDe(acteur: Pick<Acteur, 'id' | 'role' | 'estAdmin' | 'etablissementId'>): Portee {
  const { id: userId, etablissementId } = acteur;
  const qui = quiAgit(acteur);
  return { genre: qui === 'admin' || qui === 'medecin' ? qui : 'patient', userId, etablissementId };
}

/** Whether a scope holds a conversation. */
export function contient(portee: Portee, conversation: Situation): boolean {
  return !conversation.fiche?.deleted && (estSienne(portee, conversation) || estConfiee(portee, conversation));
}

/** Whether a conversation is the reader's own: nobody else's dossier is opened by reading it. */
export function estSienne({ userId: lecteur }: Pick<Portee, 'userId'>, { userId }: Pick<Situation, 'userId'>): boolean {
  return userId === lecteur;
}

/** Whether their function gives it to them. */
function estConfiee({ genre, userId, etablissementId }: Portee, conversation: Situation): boolean {
  if (genre === 'patient' || conversation.etablissementId !== etablissementId) return false;
  return genre === 'admin' || (conversation.fiche !== undefined && [undefined, userId].includes(conversation.fiche.assignedMedecinId));
}

/**
 * Whether a message of a conversation that is theirs to read is. What an IA wrote is hidden from a patient until it is
 * published; a médecin or an admin before their own dossier, where their function does not give it to them, is a patient.
 */
export function estVisible(portee: Portee, conversation: Situation, message: { role: string; analyseId: number | undefined }, analysesPubliees: readonly number[]): boolean {
  const enPatient = portee.genre === 'patient' || (conversation.fiche !== undefined && estSienne(portee, conversation) && !estConfiee(portee, conversation));
  return !enPatient || message.role === 'user' || (message.analyseId !== undefined && analysesPubliees.includes(message.analyseId));
}

/** The error of a verdict that is not `oui`. */
export function refus(verdict: Exclude<Verdict, 'oui'>): AppError {
  switch (verdict) {
    case 'role':
      return forbidden();
    case 'en_attente':
      return compteEnAttente();
    case 'introuvable':
      return notFound('conversation.introuvable', 'Conversation introuvable.');
    case 'motif_requis':
      return forbidden('acces.motif_requis', 'Cette fiche est suivie par un autre médecin : indiquez le motif de votre accès.');
  }
}

/** @throws AppError the refusal, when the actor may not do this (with this conversation, where one is given) */
export function exiger(acteur: Acteur, action: Action, conversation?: Situation): void {
  const verdict = may(acteur, action, conversation);
  if (verdict !== 'oui') throw refus(verdict);
}
