import type { Prisma } from '../generated/prisma/client.ts';
import { emailKey, usernameKey, type Account, type AccountRole, type MedecinProfile, type NewAccount, type PatientProfile } from './account.ts';

export const accountInclude = { patient_profile: true, medecin_profile: true } satisfies Prisma.UserInclude;
export type AccountRow = Prisma.UserGetPayload<{ include: typeof accountInclude }>;

/** A row of `users` with its profiles as the domain reads it. */
export function toAccount(row: AccountRow): Account {
  const { patient_profile: patient, medecin_profile: medecin } = row;
  return {
    id: row.id,
    username: row.username,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.email,
    phone: row.phone,
    role: row.role as AccountRole,
    isActive: row.is_active,
    isStaff: row.is_staff,
    isSuperuser: row.is_superuser,
    dateJoined: row.date_joined,
    lastLogin: row.last_login,
    etablissementId: row.etablissement_id,
    tokensValidFrom: row.tokens_valid_from,
    version: row.version,
    patientProfile: patient && toPatientProfile(patient),
    medecinProfile: medecin && {
      specialty: medecin.specialty, phoneNumber: medecin.phone_number, address: medecin.address, isAvailable: medecin.is_available, isApproved: medecin.is_approved,
    },
  };
}

function toPatientProfile(row: NonNullable<AccountRow['patient_profile']>): PatientProfile {
  return {
    dateOfBirth: jour(row.date_of_birth),
    phoneNumber: row.phone_number,
    address: row.address,
    postnom: row.postnom,
    sexe: row.sexe,
    avenue: row.avenue,
    quartier: row.quartier,
    commune: row.commune,
    contactNom: row.contact_nom,
    contactTelephone: row.contact_telephone,
    contactAdresse: row.contact_adresse,
  };
}

/** A day as text, which it is already where it was read without Prisma. */
const jour = (day: Date | string | null): string | null => (day instanceof Date ? day.toISOString().slice(0, 10) : day);

/** The columns of `users` that say what an account is. */
export function toUserColumns(account: Omit<NewAccount, 'passwordHash'>) {
  return {
    username: account.username,
    username_key: usernameKey(account.username),
    first_name: account.firstName,
    last_name: account.lastName,
    email: account.email,
    email_key: account.email === null ? null : emailKey(account.email),
    phone: account.phone,
    role: account.role,
    is_active: account.isActive,
    is_staff: account.isStaff,
    is_superuser: account.isSuperuser,
    date_joined: account.dateJoined,
    etablissement_id: account.etablissementId,
  };
}

/** The columns of `patient_profile`. */
export function toPatientColumns(profile: PatientProfile) {
  return {
    date_of_birth: profile.dateOfBirth === null ? null : new Date(profile.dateOfBirth),
    phone_number: profile.phoneNumber,
    address: profile.address,
    postnom: profile.postnom,
    sexe: profile.sexe,
    avenue: profile.avenue,
    quartier: profile.quartier,
    commune: profile.commune,
    contact_nom: profile.contactNom,
    contact_telephone: profile.contactTelephone,
    contact_adresse: profile.contactAdresse,
  };
}

/** The columns of `medecin_profile`. */
export function toMedecinColumns(profile: MedecinProfile) {
  return { specialty: profile.specialty, phone_number: profile.phoneNumber, address: profile.address, is_available: profile.isAvailable, is_approved: profile.isApproved };
}
