import { compteEnAttente, quiAgit, type Acteur } from '@mediai/kit/acteur';
import { forbidden, notFound, type AppError } from '@mediai/kit/errors';

export type Action = 'envoyer' | 'envoyer_code';
/** What people do by themselves: with the provider's events, and with the way into WhatsApp. */
export type ActionDirecte = 'lister_webhooks' | 'lire_webhook' | 'creer_webhook' | 'inviter' | 'lire_invitation';
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

/** Auth's first établissement, to which whoever registers by themselves belongs; its admins see what is nobody's yet. */
const etablissementParDefaut = 1;

/** What decides about an event of the provider. */
export type ObjetWebhook = { readonly etablissementId: number | null; readonly relatedFicheId: number | null };

/** The quality in which each may be done. */
const DIRECTES: Record<ActionDirecte, 'compte' | 'soignant' | 'admin'> = { lister_webhooks: 'soignant', lire_webhook: 'soignant', creer_webhook: 'admin', inviter: 'compte', lire_invitation: 'compte' };

/**
 * Whether a person may do something by themselves, with an event where one is given. The role is judged before the object.
 *
 * Of the events of their établissement a médecin may read those about a fiche, if consultation lets them open it; an
 * admin all. What was matched to nobody is for superusers and the admins of the default établissement.
 */
export function mayDirectly(acteur: Acteur, action: ActionDirecte, webhook?: ObjetWebhook): Verdict {
  const qui = quiAgit(acteur);
  const pour = DIRECTES[action];
  if (acteur.role === 'service') return 'role';
  if (pour === 'compte') return 'oui';
  if (qui === 'patient' || (pour === 'admin' && qui !== 'admin')) return 'role';
  if (qui === 'medecin' && !acteur.approuve) return 'en_attente';
  if (!webhook) return 'oui';
  if (webhook.etablissementId === null) return voitSansEtablissement(acteur) ? 'oui' : 'introuvable';
  if (webhook.etablissementId !== acteur.etablissementId) return 'introuvable';
  return qui === 'admin' || webhook.relatedFicheId !== null ? 'oui' : 'introuvable';
}

/** Who reads what was matched to nobody. */
export function voitSansEtablissement({ estAdmin, estSuperuser, etablissementId }: Acteur): boolean {
  return estAdmin && (estSuperuser || etablissementId === etablissementParDefaut);
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

/** @throws AppError the refusal, when the actor may not do this (with this message or event, where one is given) */
export function exiger(acteur: Acteur, action: Action, objet?: Objet): void;
export function exiger(acteur: Acteur, action: ActionDirecte, objet?: ObjetWebhook): void;
export function exiger(acteur: Acteur, action: Action | ActionDirecte, objet?: Objet | ObjetWebhook): void {
  const verdict = action in DIRECTES ? mayDirectly(acteur, action as ActionDirecte, objet as ObjetWebhook) : may(acteur, action as Action, objet as Objet);
  if (verdict !== 'oui') throw refus(verdict);
}
