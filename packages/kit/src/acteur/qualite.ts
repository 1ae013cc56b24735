import { forbidden, type AppError } from '../errors/index.ts';
import type { Acteur } from './acteur.ts';

/** In what quality someone acts: an admin is whoever has `is_staff`, whatever the role; a service acts by its name. */
export type Qualite = 'patient' | 'medecin' | 'admin' | `service:${string}`;

/** The quality in which an actor acts: what policies are written in, and what an audit row keeps as `acteur_role`. */
export function quiAgit({ role, estAdmin, service }: Pick<Acteur, 'role'> & Partial<Pick<Acteur, 'estAdmin' | 'service'>>): Qualite {
  if (role === 'service') return `service:${service ?? ''}`;
  return estAdmin ? 'admin' : role;
}

/** Who an act is audited as: a person by id and quality, a service by its name alone. */
export function auteurDe(acteur: Pick<Acteur, 'id' | 'role'> & Partial<Pick<Acteur, 'estAdmin' | 'service'>>): { acteurId: number | null; acteurRole: Qualite } {
  return { acteurId: acteur.role === 'service' ? null : acteur.id, acteurRole: quiAgit(acteur) };
}

/** 403 of a médecin whom no admin has approved yet. */
export const compteEnAttente = (): AppError => forbidden('compte.en_attente', "Votre compte attend l'approbation d'un administrateur.");
