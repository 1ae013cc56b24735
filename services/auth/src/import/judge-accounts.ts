import { createLecteur, lireJour, raisons, tables, type Doublons, type Ecart, type Jugement, type Lecteur, type Ligne } from '@mediai/import-django';
import { readEmail as readTypedEmail, readPhone as readTypedPhone } from '../account/account-fields.ts';
import { emailKey, emptyMedecinProfile, emptyPatientProfile, usernameKey, type Account, type MedecinProfile, type PatientProfile } from '../account/account.ts';
import { readDjangoHash } from '../account/django-hash.ts';

/** An account of the original as it is written here, and which of its profile rows went into it. */
export type ImportedAccount = { account: Account; passwordHash: string; profile: { table: string; id: number } | null };

/** What some accounts' rows are judged with. */
export type Lot = {
  users: Ligne[];
  /** Profile rows of these users. */
  patientProfiles: Ligne[];
  medecinProfiles: Ligne[];
  /** Who holds these usernames and e-mail addresses here, by their keys. */
  usernames: ReadonlyMap<string, number>;
  emails: ReadonlyMap<string, number>;
};

type Needs = {
  etablissementId: number;
  approveMedecins: boolean;
  usernames: Doublons;
  emails: Doublons;
  /** When a user joined whose own date cannot be. */
  now: Date;
};

/** Nothing verifies against it. */
const unusablePassword = '!';
const roles = ['patient', 'medecin'] as const;
/** The names that deleted accounts have here. */
const reserved = /^supprime-\d+$/;

/**
 * Judges accounts of the original, in the order of their ids: of two usernames that are one here the first is kept, of two
 * e-mail addresses the first has it. Answers each account and what did not fit, profile rows included.
 */
export function createJudgeAccounts({ etablissementId, approveMedecins, usernames, emails, now }: Needs) {
  return (lot: Lot): Jugement<ImportedAccount>[] => {
    const profiles = { patient: byUser(lot.patientProfiles), medecin: byUser(lot.medecinProfiles) };
    return lot.users.map((ligne) => {
      const lecteur = createLecteur(tables.users, ligne);
      const role = lecteur.choix('role', roles);
      if (role === null) lecteur.ecarter('role', raisons.choix);
      // Last: a name is claimed by an account that is taken over.
      const username = lecteur.estEcartee() ? '' : readUsername(lecteur, lot.usernames);
      const mine = { patient: profiles.patient.get(lecteur.id) ?? [], medecin: profiles.medecin.get(lecteur.id) ?? [] };
      const [profileLigne, ...others] = role === null ? [] : mine[role];
      const profile = profileLigne && { table: role === 'medecin' ? tables.medecinProfiles : tables.patientProfiles, id: Number(profileLigne['id']) };
      const profileLecteur = profile && profileLigne ? createLecteur(profile.table, profileLigne) : undefined;

      const jugement = lecteur.jugement<ImportedAccount>(() => ({
        profile: profile ?? null,
        passwordHash: readPassword(lecteur, ligne['password']),
        account: {
          id: lecteur.id,
          username,
          firstName: lecteur.texte('first_name', 150) ?? '',
          lastName: lecteur.texte('last_name', 150) ?? '',
          email: readEmail(lecteur, lot.emails),
          phone: readPhone(lecteur),
          role: role ?? 'patient',
          isActive: lecteur.booleen('is_active'),
          isStaff: lecteur.booleen('is_staff'),
          isSuperuser: lecteur.booleen('is_superuser'),
          dateJoined: lecteur.instant('date_joined') ?? now,
          lastLogin: lecteur.instant('last_login'),
          etablissementId,
          tokensValidFrom: null,
          version: 1,
          patientProfile: role === 'patient' ? readPatientProfile(profileLecteur, profileLigne) : null,
          medecinProfile: role === 'medecin' ? readMedecinProfile(profileLecteur, approveMedecins) : null,
        },
      }));
      const ofProfiles = jugement.nouvelle === null
        ? profilesWithoutAccount(mine.patient, mine.medecin)
        : [...(profileLecteur?.jugement(() => null).ecarts ?? []), ...others.flatMap((other) => refuse(profile?.table ?? '', other, 'second profil du même compte')),
          ...(role === 'medecin' ? mine.patient : mine.medecin).flatMap((other) => refuse(role === 'medecin' ? tables.patientProfiles : tables.medecinProfiles, other, "profil d'un autre rôle que celui du compte"))];
      return { ...jugement, ecarts: [...jugement.ecarts, ...ofProfiles] };
    });
  };

  function readUsername(lecteur: Lecteur, held: ReadonlyMap<string, number>): string {
    const username = lecteur.texte('username', 150);
    const cle = username === null ? '' : usernameKey(username);
    if (username === null || cle === '') lecteur.ecarter('username', raisons.manque);
    else if (reserved.test(cle)) lecteur.ecarter('username', "nom d'utilisateur réservé");
    else if ((held.get(cle) ?? lecteur.id) !== lecteur.id || !usernames.claim(cle, lecteur.id)) lecteur.ecarter('username', "nom d'utilisateur d'un autre compte, à la casse ou à la forme Unicode près");
    return username ?? '';
  }

  function readEmail(lecteur: Lecteur, held: ReadonlyMap<string, number>): string | null {
    const { value: email, faults } = readTypedEmail(lecteur.texte('email', 254) ?? '');
    if (email === null) return null;
    const cle = emailKey(email);
    if (faults.length > 0) lecteur.reserver('email', raisons.illisible);
    else if ((held.get(cle) ?? lecteur.id) !== lecteur.id || !emails.claim(cle, lecteur.id)) lecteur.reserver('email', "adresse e-mail d'un autre compte");
    else return email;
    return null;
  }
}

/** A hash that this service can verify, as it is; anything else makes the password unusable, which is told unless it was unusable there. */
function readPassword(lecteur: Lecteur, hash: unknown): string {
  if (typeof hash === 'string' && readDjangoHash(hash)) return hash;
  if (typeof hash === 'string' && hash !== '' && !hash.startsWith('!')) lecteur.reserver('password', 'mot de passe chiffré autrement que par pbkdf2_sha256, à réinitialiser');
  return unusablePassword;
}

function readPhone(lecteur: Lecteur): string | null {
  const { value, faults } = readTypedPhone(lecteur.texte('phone') ?? '');
  if (faults.length > 0) lecteur.reserver('phone', raisons.illisible);
  return value;
}

function readPatientProfile(lecteur: Lecteur | undefined, ligne: Ligne | undefined): PatientProfile {
  if (!lecteur || !ligne) return emptyPatientProfile;
  const birth = ligne['date_of_birth'];
  const dateOfBirth = birth === null ? null : lireJour(birth);
  if (birth !== null && dateOfBirth === null) lecteur.reserver('date_of_birth', raisons.absurde);
  return { ...emptyPatientProfile, dateOfBirth, phoneNumber: lecteur.texte('phone_number', 60), address: lecteur.texte('address', 1_000) };
}

function readMedecinProfile(lecteur: Lecteur | undefined, isApproved: boolean): MedecinProfile {
  if (!lecteur) return { ...emptyMedecinProfile, isApproved };
  return {
    specialty: lecteur.texte('specialty', 100), phoneNumber: lecteur.texte('phone_number', 60), address: lecteur.texte('address', 1_000),
    isAvailable: lecteur.booleen('is_available', true), isApproved,
  };
}

/** The faults of profiles whose accounts are not taken over. */
export function profilesWithoutAccount(patientProfiles: readonly Ligne[], medecinProfiles: readonly Ligne[]): Ecart[] {
  const of = (table: string, lignes: readonly Ligne[]): Ecart[] => lignes.flatMap((ligne) => refuse(table, ligne, 'compte non repris'));
  return [...of(tables.patientProfiles, patientProfiles), ...of(tables.medecinProfiles, medecinProfiles)];
}

const refuse = (table: string, ligne: Ligne, raison: string): Ecart[] => [{ table, id: Number(ligne['id']), colonne: 'user_id', raison, effet: 'ligne' }];

function byUser(lignes: readonly Ligne[]): Map<number, Ligne[]> {
  const found = new Map<number, Ligne[]>();
  for (const ligne of lignes) found.set(Number(ligne['user_id']), [...(found.get(Number(ligne['user_id'])) ?? []), ligne]);
  return found;
}
