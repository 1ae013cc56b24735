import type { User } from '@mediai/contracts/auth/v1/auth_service';
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
    patient_profile: patientProfile
      ? { date_of_birth: patientProfile.dateOfBirth ?? null, phone_number: patientProfile.phoneNumber ?? null, address: patientProfile.address ?? null }
      : null,
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

/** Schema of an account as answered. */
export const userSchema = {
  $id: 'User',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    username: { type: 'string' },
    first_name: { type: 'string' },
    last_name: { type: 'string' },
    email: { type: ['string', 'null'] },
    phone: { type: ['string', 'null'], examples: ['+243970000001'] },
    role: { type: 'string', enum: ['patient', 'medecin'] },
    is_active: { type: 'boolean' },
    is_staff: { type: 'boolean' },
    is_superuser: { type: 'boolean' },
    date_joined: { type: ['string', 'null'] },
    last_login: { type: ['string', 'null'] },
    etablissement_id: { type: 'integer' },
    patient_profile: { type: ['object', 'null'], additionalProperties: true },
    medecin_profile: { type: ['object', 'null'], additionalProperties: true },
  },
} as const;
