import type { Read } from '../form/field.ts';
import type { Account, AccountRole, MedecinProfile, PatientProfile } from './account.ts';
import { readBirthDate, readEmail, readName, readPhone, readRole, readSexe, readText } from './account-fields.ts';

/** What a client wrote about an account: absent is unchanged, an empty text removes. */
export type AccountForm = {
  firstName?: string;
  lastName?: string;
  email?: string;
  phone?: string;
  role?: string;
  isActive?: boolean;
  isStaff?: boolean;
  isSuperuser?: boolean;
  etablissementId?: number;
  patientProfile?: { [name in keyof PatientProfile]?: string };
  medecinProfile?: { specialty?: string; phoneNumber?: string; address?: string; isAvailable?: boolean };
};

/** The same as values that can be kept; a profile counts where the account has it. */
export type AccountFields = Partial<Pick<Account, 'firstName' | 'lastName' | 'email' | 'phone' | 'role' | Right>> & {
  patientProfile: Partial<PatientProfile>;
  medecinProfile: Partial<Omit<MedecinProfile, 'isApproved'>>;
};

type Right = 'isActive' | 'isStaff' | 'isSuperuser' | 'etablissementId';

/** Longest texts; those of columns, and a page for an address. */
const patientTexts = {
  phoneNumber: ['phone_number', 60],
  address: ['address', 2_000],
  postnom: ['postnom', 100],
  avenue: ['avenue', 100],
  quartier: ['quartier', 100],
  commune: ['commune', 100],
  contactNom: ['contact_nom', 100],
  contactTelephone: ['contact_telephone', 30],
  contactAdresse: ['contact_adresse', 255],
} as const satisfies { [name in keyof PatientProfile]?: readonly [string, number] };

const medecinTexts = { specialty: ['specialty', 100], phoneNumber: ['phone_number', 60], address: ['address', 2_000] } as const satisfies { [name in keyof MedecinProfile]?: readonly [string, number] };

/** Zone in which "today" is meant. */
const fuseau = 'Africa/Lubumbashi';

/** A form as it was read: `fields` count only when `refuseFaultyAccount` threw nothing for the `faults` of an account of that role. */
export type ReadForm = { fields: AccountFields; faults: (role: AccountRole) => Record<string, Read<unknown>> };

/** Reads a form. Faults are keyed by public field names, those of a profile without its name; a profile that the account does not have is ignored. */
export function readAccountForm(form: AccountForm, now: Date): ReadForm {
  const { patientProfile: patient = {}, medecinProfile: { isAvailable, ...medecin } = {}, isActive, isStaff, isSuperuser, etablissementId } = form;
  const main = {
    firstName: read(form.firstName, readName),
    lastName: read(form.lastName, readName),
    email: read(form.email, readEmail),
    phone: read(form.phone, readPhone),
    role: read(form.role || undefined, readRole),
  };
  const patientFields = {
    ...readTexts(patient, patientTexts),
    dateOfBirth: read(patient.dateOfBirth, (text) => readBirthDate(text, today(now))),
    sexe: read(patient.sexe, readSexe),
  };
  const medecinFields = readTexts(medecin, medecinTexts);
  return {
    fields: {
      ...values(main),
      ...defined({ isActive, isStaff, isSuperuser, etablissementId }),
      patientProfile: values(patientFields),
      medecinProfile: { ...values(medecinFields), ...defined({ isAvailable }) },
    },
    faults: (role) => ({
      ...named(main, { firstName: 'first_name', lastName: 'last_name' }),
      ...(role === 'patient' ? named(patientFields, { ...names(patientTexts), dateOfBirth: 'date_of_birth' }) : named(medecinFields, names(medecinTexts))),
    }),
  };
}

type Reads = Record<string, Read<unknown> | undefined>;

function read<T>(text: string | undefined, reader: (text: string) => Read<T>): Read<T> | undefined {
  return text === undefined ? undefined : reader(text);
}

function readTexts<K extends string>(form: { [name in NoInfer<K>]?: string }, texts: Record<K, readonly [string, number]>) {
  const entries = (Object.keys(texts) as K[]).map((name) => [name, read(form[name], (text) => readText(text, texts[name][1]))]);
  return Object.fromEntries(entries) as Record<K, Read<string | null> | undefined>;
}

/** The values of what was written. */
function values<R extends Reads>(reads: R) {
  const written = Object.entries(reads).flatMap(([name, value]) => (value ? [[name, value.value]] : []));
  return Object.fromEntries(written) as { [name in keyof R]?: NonNullable<R[name]>['value'] };
}

function defined<T extends object>(fields: T): { [name in keyof T]?: Exclude<T[name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [name in keyof T]?: Exclude<T[name], undefined> };
}

function names(texts: Record<string, readonly [string, number]>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, [publicName]]) => [name, publicName]));
}

function named(reads: Reads, publicNames: Record<string, string>): Record<string, Read<unknown>> {
  return Object.fromEntries(Object.entries(reads).flatMap(([name, value]) => (value ? [[publicNames[name] ?? name, value]] : [])));
}

function today(now: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: fuseau, dateStyle: 'short' }).format(now);
}
