export type AccountRole = 'patient' | 'medecin';

/** Texts as typed; `dateOfBirth` is YYYY-MM-DD, `sexe` M or F. */
export type PatientProfile = {
  dateOfBirth: string | null;
  phoneNumber: string | null;
  address: string | null;
  postnom: string | null;
  sexe: string | null;
  avenue: string | null;
  quartier: string | null;
  commune: string | null;
  contactNom: string | null;
  contactTelephone: string | null;
  contactAdresse: string | null;
};

export type MedecinProfile = {
  specialty: string | null;
  phoneNumber: string | null;
  address: string | null;
  isAvailable: boolean;
  isApproved: boolean;
};

/** A patient's profile with nothing in it. */
export const emptyPatientProfile: PatientProfile = {
  dateOfBirth: null, phoneNumber: null, address: null, postnom: null, sexe: null, avenue: null, quartier: null, commune: null, contactNom: null, contactTelephone: null, contactAdresse: null,
};

/** A médecin's profile with nothing in it; an admin has yet to approve it. */
export const emptyMedecinProfile: MedecinProfile = { specialty: null, phoneNumber: null, address: null, isAvailable: true, isApproved: false };

/** A user of MediAI. `phone` is E.164. Exactly one profile is there, by role. */
export type Account = {
  id: number;
  username: string;
  firstName: string;
  lastName: string;
  email: string | null;
  phone: string | null;
  role: AccountRole;
  isActive: boolean;
  isStaff: boolean;
  isSuperuser: boolean;
  dateJoined: Date;
  lastLogin: Date | null;
  etablissementId: number;
  /** Whole second: access tokens issued before it count no more; null while all do. */
  tokensValidFrom: Date | null;
  /** Rises with every change that other services are told of. */
  version: number;
  patientProfile: PatientProfile | null;
  medecinProfile: MedecinProfile | null;
};

/** What a login has to know of an account, and what proves its owner (a PHC string); the hash never leaves the login use case. */
export type Credentials = { account: Pick<Account, 'id' | 'role' | 'isActive' | 'isStaff' | 'etablissementId'>; passwordHash: string };

export type NewAccount = Omit<Account, 'id' | 'version' | 'lastLogin' | 'tokensValidFrom'> & { passwordHash: string };

/** False only for a médecin whom no admin has approved yet. */
export function isApproved({ role, medecinProfile }: Pick<Account, 'role' | 'medecinProfile'>): boolean {
  return role !== 'medecin' || medecinProfile?.isApproved === true;
}

/**
 * The form under which a username is unique and looked up: NFKC, without invisible characters, case folded
 * (Unicode UAX #31, NFKC_Casefold), so that `Élise`, `élise` and the same in decomposed or full-width letters are one.
 */
export function usernameKey(username: string): string {
  const visible = username.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '').trim();
  return Array.from(visible, (character) => character.toUpperCase().toLowerCase()).join('').normalize('NFKC');
}

/** The form under which an e-mail address is unique. */
export function emailKey(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/**
 * The first whole second after `at` and after `present`: every token issued until then is older (the `iat` of RFC 7519 is in
 * whole seconds), one that was issued since another change in the same second included.
 */
export function tokensValidFrom(at: Date, present: Date | null): Date {
  const second = Math.floor(Math.max(at.getTime(), present?.getTime() ?? 0) / 1000);
  return new Date((second + 1) * 1000);
}
