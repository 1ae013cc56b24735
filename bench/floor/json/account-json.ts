import type { Account } from '../../../services/auth/src/account/account.ts';

/** An account: the same bytes as the gateway's. */
export function accountJson(account: Account): string {
  const { patientProfile: patient, medecinProfile: medecin } = account;
  return JSON.stringify({
    id: account.id, username: account.username, first_name: account.firstName, last_name: account.lastName, email: account.email, phone: account.phone, role: account.role,
    is_active: account.isActive, is_staff: account.isStaff, is_superuser: account.isSuperuser, date_joined: account.dateJoined, last_login: account.lastLogin, etablissement_id: account.etablissementId,
    patient_profile: patient && {
      date_of_birth: patient.dateOfBirth, phone_number: patient.phoneNumber, address: patient.address, postnom: patient.postnom, sexe: patient.sexe, avenue: patient.avenue, quartier: patient.quartier,
      commune: patient.commune, contact_nom: patient.contactNom, contact_telephone: patient.contactTelephone, contact_adresse: patient.contactAdresse,
    },
    medecin_profile: medecin && { specialty: medecin.specialty, phone_number: medecin.phoneNumber, address: medecin.address, is_available: medecin.isAvailable, is_approved: medecin.isApproved },
  });
}
