import { compteEnAttente, type Acteur } from '@mediai/kit/acteur';
import { forbidden, type AppError } from '@mediai/kit/errors';
import type { FastifyRequest } from 'fastify';

/**
 * Who a route is for: any account, one that may reach patients' data (no médecin who waits for approval), médecins alone
 * (`praticien`), médecins and admins, admins, superusers. Documented as `x-role`; the services decide, this orders refusals.
 */
export type Role = 'compte' | 'actif' | 'praticien' | 'medecin' | 'admin' | 'superuser';

/**
 * The role is judged before the object and before what was written: to who may never do this, a refusal of a body or an
 * unknown id reads as the refusal of the role, though the edge found it before any service was asked.
 * @param error a 400 or a 404
 */
export function judgeRoleFirst(error: AppError, request: FastifyRequest): AppError {
  const role = (request.routeOptions.schema as { 'x-role'?: Role } | undefined)?.['x-role'];
  if (!role || !request.acteur) return error;
  return refusalOf(role, request.acteur) ?? error;
}

function refusalOf(role: Role, { role: own, approuve, estAdmin, estSuperuser }: Acteur): AppError | undefined {
  const isAdmin = estAdmin || estSuperuser;
  const isPending = own === 'medecin' && !approuve && !isAdmin;
  const fits: Record<Role, boolean> = { compte: true, actif: !isPending, praticien: own === 'medecin' && !isPending, medecin: isAdmin || (own === 'medecin' && approuve), admin: isAdmin, superuser: estSuperuser };
  if (fits[role]) return undefined;
  return isPending && (role === 'actif' || role === 'praticien' || role === 'medecin') ? compteEnAttente() : forbidden();
}
