import type { PatientProfile, User, UserCourt } from '@mediai/contracts/auth/v1/auth_service';
import { toIso } from './instant.ts';

/** An account as JSON under the contract's names. */
export function userJson(user: User) {
  const { patientProfile, medecinProfile } = user;
  return {
    id: user.id,
    username: user.username,
    first_name: user.firstName,
    last_name: user.lastName,
    email: user.email ?? null,
    phone: user.phone ?? null,
    role: user.role,
    is_active: user.isActive,
    is_staff: user.isStaff,
    is_superuser: user.isSuperuser,
    date_joined: toIso(user.dateJoined),
    last_login: toIso(user.lastLogin),
    etablissement_id: user.etablissementId,
    patient_profile: patientProfile ? patientProfileJson(patientProfile) : null,
    medecin_profile: medecinProfile
      ? {
          specialty: medecinProfile.specialty ?? null,
          phone_number: medecinProfile.phoneNumber ?? null,
          address: medecinProfile.address ?? null,
          is_available: medecinProfile.isAvailable,
          is_approved: medecinProfile.isApproved,
        }
      : null,
  };
}

function patientProfileJson(profile: PatientProfile) {
  return {
    date_of_birth: profile.dateOfBirth ?? null,
    phone_number: profile.phoneNumber ?? null,
    address: profile.address ?? null,
    postnom: profile.postnom ?? null,
    sexe: profile.sexe ?? null,
    avenue: profile.avenue ?? null,
    quartier: profile.quartier ?? null,
    commune: profile.commune ?? null,
    contact_nom: profile.contactNom ?? null,
    contact_telephone: profile.contactTelephone ?? null,
    contact_adresse: profile.contactAdresse ?? null,
  };
}

/** The short form in which an account appears elsewhere. */
export const userCourtJson = ({ id, username, firstName, lastName, email, role, isStaff }: Omit<UserCourt, '$typeName' | '$unknown'>) => ({ id, username, first_name: firstName, last_name: lastName, email: email ?? null, role, is_staff: isStaff });

const nullable = { type: ['string', 'null'] } as const;
const roles = { type: 'string', enum: ['patient', 'medecin'] } as const;

/** Schema of an account as answered. */
export const userSchema = {
  $id: 'User',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    username: { type: 'string' },
    first_name: { type: 'string' },
    last_name: { type: 'string' },
    email: nullable,
    phone: { ...nullable, examples: ['+243970000001'] },
    role: roles,
    is_active: { type: 'boolean' },
    is_staff: { type: 'boolean' },
    is_superuser: { type: 'boolean' },
    date_joined: nullable,
    last_login: nullable,
    etablissement_id: { type: 'integer' },
    patient_profile: {
      type: ['object', 'null'],
      properties: { date_of_birth: nullable, phone_number: nullable, address: nullable, postnom: nullable, sexe: nullable, avenue: nullable, quartier: nullable, commune: nullable, contact_nom: nullable, contact_telephone: nullable, contact_adresse: nullable },
    },
    medecin_profile: {
      type: ['object', 'null'],
      properties: { specialty: nullable, phone_number: nullable, address: nullable, is_available: { type: 'boolean' }, is_approved: { type: 'boolean' } },
    },
  },
} as const;

/** Schema of the short form. */
export const userCourtSchema = {
  $id: 'UserCourt',
  type: 'object',
  properties: { id: { type: 'integer' }, username: { type: 'string' }, first_name: { type: 'string' }, last_name: { type: 'string' }, email: nullable, role: roles, is_staff: { type: 'boolean' } },
} as const;
