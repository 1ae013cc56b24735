import { compteEnAttente, quiAgit, type Acteur, type Qualite } from '@mediai/kit/acteur';
import { type AppError, forbidden, notFound } from '@mediai/kit/errors';
import type { Fiche } from '../fiche/fiche.ts';

/** Which fiches an action reaches: one's own, also those of the établissement that no colleague follows, all of the établissement, or every one. */
type Portee = 'siennes' | 'suivies' | 'etablissement' | 'toutes';
export type Verdict = 'oui' | 'role' | 'en_attente' | 'introuvable' | 'motif_requis';
/** What of a fiche decides who may do what with it. */
export type Objet = Pick<Fiche, 'user' | 'assigned_medecin' | 'etablissement_id'>;

const SOIGNANTS = { medecin: 'suivies', admin: 'etablissement' } as const;
const TOUS = { patient: 'siennes', ...SOIGNANTS } as const;
const PATIENT_OU_ADMIN = { patient: 'siennes', medecin: 'siennes', admin: 'etablissement' } as const;

/** Action -> quality -> reach. The audit row of an action is `fiche.<action>`. */
const PERMIS = {
  creer: TOUS,
  lister: TOUS,
  lire: TOUS,
  ouvrir: TOUS,
  modifier: TOUS,
  supprimer: PATIENT_OU_ADMIN,
  lister_acces: PATIENT_OU_ADMIN,
  lister_historique: TOUS,
  lister_messages: TOUS,
  ecrire_message: TOUS,
  lister_references: TOUS,
  lire_reference: TOUS,
  ajouter_reference: TOUS,
  modifier_reference: TOUS,
  supprimer_reference: TOUS,
  lister_resultats: TOUS,
  lire_resultat: TOUS,
  ajouter_resultat: TOUS,
  modifier_resultat: TOUS,
  supprimer_resultat: TOUS,
  telecharger_resultat: TOUS,
  assigner: SOIGNANTS,
  restaurer: { admin: 'etablissement' },
  signer: SOIGNANTS,
  valider: SOIGNANTS,
  rejeter: SOIGNANTS,
  relancer: SOIGNANTS,
  editer: SOIGNANTS,
  envoyer: SOIGNANTS,
  lister_attachments: TOUS,
  lire_attachment: TOUS,
  telecharger_attachment: TOUS,
  joindre: TOUS,
  modifier_attachment: TOUS,
  supprimer_attachment: TOUS,
  exporter_pdf: TOUS,
  exporter_json: TOUS,
  revoquer_documents: SOIGNANTS,
  lire_clinique: { 'service:ia': 'toutes' },
  recevoir_message: { 'service:notifications': 'toutes' },
  lire_destinataire: { 'service:notifications': 'toutes' },
} as const satisfies Record<string, Partial<Record<Qualite, Portee>>>;

export type Action = keyof typeof PERMIS;
export const ACTIONS = Object.keys(PERMIS) as Action[];

/** Whether a fiche is this actor's own dossier. */
export const estSienne = (acteur: Pick<Acteur, 'id' | 'role'>, fiche: Pick<Fiche, 'user'>): boolean => acteur.role !== 'service' && fiche.user === acteur.id;

/**
 * Whether an actor may do something. The role is judged before the object: without a fiche this says whether the actor
 * may do such a thing at all; `null` is a fiche that does not exist.
 *
 * A patient sees what is theirs; a médecin the fiches of the établissement that are unassigned or assigned to them
 * (another's only with a reason); an admin the établissement. Anything else does not exist for them. Whoever is the
 * patient of a fiche, médecins and admins included, may with it what a patient may: no reason is asked, and it is never
 * "not found", wherever it is and whoever follows it.
 */
export function may(acteur: Acteur, action: Action, fiche?: Objet | null): Verdict {
  const qui = quiAgit(acteur);
  const permis: Partial<Record<Qualite, Portee>> = PERMIS[action];
  if (qui === 'medecin' && !acteur.approuve) return 'en_attente';
  const portee = permis[qui];
  if (portee === undefined) return 'role';
  if (fiche === undefined) return 'oui';
  if (fiche && permis.patient && estSienne(acteur, fiche)) return 'oui';
  return atteint(acteur, qui, portee, fiche);
}

function atteint(acteur: Acteur, qui: Qualite, portee: Portee, fiche: Objet | null): Verdict {
  if (portee === 'siennes') return qui === 'patient' ? 'introuvable' : 'role';
  if (fiche === null) return 'introuvable';
  if (portee === 'toutes') return 'oui';
  if (fiche.etablissement_id !== acteur.etablissementId) return 'introuvable';
  if (portee === 'suivies' && fiche.assigned_medecin !== null && fiche.assigned_medecin !== acteur.id) return 'motif_requis';
  return 'oui';
}

/** The error of a verdict that is not `oui`. */
export function refus(verdict: Exclude<Verdict, 'oui'>): AppError {
  switch (verdict) {
    case 'role':
      return forbidden();
    case 'en_attente':
      return compteEnAttente();
    case 'introuvable':
      return notFound('fiche.introuvable', 'Fiche introuvable.');
    case 'motif_requis':
      return forbidden('acces.motif_requis', 'Cette fiche est suivie par un autre médecin : indiquez le motif de votre accès.');
  }
}

/** @throws AppError the refusal, when the actor may not do this */
export function exiger(acteur: Acteur, action: Action, fiche?: Objet | null): void {
  const verdict = may(acteur, action, fiche);
  if (verdict !== 'oui') throw refus(verdict);
}

/**
 * Whether an actor stands before a fiche as its patient: every patient does; a médecin or an admin before their own
 * dossier, where their function does not give it to them (a colleague follows it, or it is of another établissement).
 * They read it then as any patient does. An own dossier that is in their care anyway they read as they read the others.
 */
export function estPatient(acteur: Acteur, fiche: Objet): boolean {
  const qui = quiAgit(acteur);
  if (qui === 'patient') return true;
  const portee = qui === 'admin' ? SOIGNANTS.admin : SOIGNANTS.medecin;
  return estSienne(acteur, fiche) && atteint(acteur, qui, portee, fiche) !== 'oui';
}

/** The fiches in an actor's lists: the reach of `lire` without a reason, as a filter. A médecin's and an admin's end at the établissement. */
export function visibles(acteur: Acteur): { user?: number; etablissementId?: number; visibleDe?: number } {
  switch (quiAgit(acteur)) {
    case 'patient':
      return { user: acteur.id };
    case 'admin':
      return { etablissementId: acteur.etablissementId };
    default:
      return { etablissementId: acteur.etablissementId, visibleDe: acteur.id };
  }
}

/** How long a reason covers a fiche, and all under it, for the médecin who gave it. */
export const MOTIF_VALABLE_MS = 8 * 3600 * 1000;
