import { compteEnAttente, quiAgit, type Acteur } from '@mediai/kit/acteur';
import { forbidden, notFound, type AppError } from '@mediai/kit/errors';

export type Action = 'envoyer' | 'envoyer_code';
export type Verdict = 'oui' | 'role' | 'en_attente' | 'introuvable';
/** What decides about a message. */
export type Objet = { readonly etablissementId: number };

/** The services that may do it by themselves. */
const SERVICES: Record<Action, readonly string[]> = { envoyer: ['service:consultation'], envoyer_code: ['service:auth'] };

/**
 * Whether an actor may do something, with a message where one is given. The role is judged before the object.
 *
 * Services by name; a message also by an approved médecin or an admin, within the établissement, whose own token was
 * passed on: whether the fiche is theirs to tell of, and whom to tell, is consultation's to judge. A code is nobody's to send but auth's.
 */
export function may(acteur: Acteur, action: Action, objet?: Objet): Verdict {
  if (acteur.role === 'service') return SERVICES[action].includes(quiAgit(acteur)) ? 'oui' : 'role';
  if (action === 'envoyer_code') return 'role';
  if (!acteur.estAdmin && acteur.role !== 'medecin') return 'role';
  if (!acteur.estAdmin && !acteur.approuve) return 'en_attente';
  return objet && objet.etablissementId !== acteur.etablissementId ? 'introuvable' : 'oui';
}

/** What this service does by itself. */
export const nous = { acteurId: null, acteurRole: 'service:notifications' };

/** The error of a verdict that is not `oui`. */
export function refus(verdict: Exclude<Verdict, 'oui'>): AppError {
  switch (verdict) {
    case 'role':
      return forbidden();
    case 'en_attente':
      return compteEnAttente();
    case 'introuvable':
      return notFound();
  }
}

/** @throws AppError the refusal, when the actor may not do this (with this message, where one is given) */
export function exiger(acteur: Acteur, action: Action, objet?: Objet): void {
  const verdict = may(acteur, action, objet);
  if (verdict !== 'oui') throw refus(verdict);
}
