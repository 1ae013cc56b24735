import type { Acteur } from '@mediai/kit/acteur';
import { forbidden, notFound, type AppError } from '@mediai/kit/errors';

export type Action = 'lister' | 'lire' | 'lire_analyse';
export type Verdict = 'oui' | 'role' | 'en_attente' | 'introuvable' | 'motif_requis';
type Qui = 'patient' | 'medecin' | 'admin' | 'service';

/** Which conversations an actor's lists hold; what an IA wrote is hidden from a patient until it is published. */
export type Portee =
  | { genre: 'patient'; userId: number }
  | { genre: 'medecin'; userId: number; etablissementId: number }
  | { genre: 'etablissement'; etablissementId: number };

/** What decides about one conversation. */
export type Situation = { userId: number | undefined; etablissementId: number; fiche: { assignedMedecinId: number | undefined; deleted: boolean } | undefined };

/** The services that may read the result of an analysis. */
const LECTEURS_D_ANALYSES: readonly string[] = ['consultation'];

/** In what quality someone acts: an admin is whoever has `is_staff`, whatever the role. */
export function quiAgit(acteur: Pick<Acteur, 'role' | 'estAdmin'>): Qui {
  if (acteur.role === 'service') return 'service';
  return acteur.estAdmin ? 'admin' : acteur.role;
}

/**
 * Whether an actor may do something, with a conversation where one is given. The role is judged before the object.
 *
 * A patient reads their own; a médecin their own and those of the fiches of the établissement that are unassigned or
 * assigned to them (a colleague's only with a reason); an admin those of the établissement. Anything else does not exist
 * for them. `oui` for another's fiche is what is known here: its service has the last word when it is opened.
 */
export function may(acteur: Acteur, action: Action, conversation?: Situation): Verdict {
  const qui = quiAgit(acteur);
  if (action === 'lire_analyse') return qui === 'service' && LECTEURS_D_ANALYSES.includes(acteur.service ?? '') ? 'oui' : 'role';
  if (qui === 'service') return 'role';
  if (qui === 'medecin' && !acteur.approuve) return 'en_attente';
  if (!conversation || contient(porteeDe(acteur), conversation)) return 'oui';
  const { etablissementId, fiche } = conversation;
  return qui === 'medecin' && fiche && !fiche.deleted && etablissementId === acteur.etablissementId ? 'motif_requis' : 'introuvable';
}

/** The scope of an actor's lists; of one who may list. */
export function porteeDe(acteur: Pick<Acteur, 'id' | 'role' | 'estAdmin' | 'etablissementId'>): Portee {
  const { id: userId, etablissementId } = acteur;
  const qui = quiAgit(acteur);
  if (qui === 'admin') return { genre: 'etablissement', etablissementId };
  return qui === 'medecin' ? { genre: 'medecin', userId, etablissementId } : { genre: 'patient', userId };
}

/** Whether a scope holds a conversation. */
export function contient(portee: Portee, { userId, etablissementId, fiche }: Situation): boolean {
  if (fiche?.deleted) return false;
  switch (portee.genre) {
    case 'patient':
      return userId === portee.userId;
    case 'medecin':
      return userId === portee.userId || (fiche !== undefined && etablissementId === portee.etablissementId && [undefined, portee.userId].includes(fiche.assignedMedecinId));
    case 'etablissement':
      return etablissementId === portee.etablissementId;
  }
}

/** Whether a scope may read a message of a conversation that it holds. */
export function estVisible(portee: Portee, message: { role: string; analyseId: number | undefined }, analysesPubliees: readonly number[]): boolean {
  return portee.genre !== 'patient' || message.role === 'user' || (message.analyseId !== undefined && analysesPubliees.includes(message.analyseId));
}

/** Whether a conversation is the actor's own: nobody else's dossier is opened by reading it. */
export function estSienne(acteur: Acteur, { userId }: Pick<Situation, 'userId'>): boolean {
  return userId === acteur.id;
}

/** The error of a verdict that is not `oui`. */
export function refus(verdict: Exclude<Verdict, 'oui'>): AppError {
  switch (verdict) {
    case 'role':
      return forbidden();
    case 'en_attente':
      return forbidden('compte.en_attente', "Votre compte attend l'approbation d'un administrateur.");
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
