import type { MessageInitShape } from '@bufbuild/protobuf';
import type { UserInputSchema } from '@mediai/contracts/auth/v1/auth_service';
import { AppError, firstFieldMessage } from '@mediai/kit/errors';

type UserInput = Exclude<MessageInitShape<typeof UserInputSchema>, { $typeName: string }>;
export type Written = Record<string, unknown>;

const text = (maxLength: number, more: object = {}) => ({ type: ['string', 'null'], maxLength, ...more });
const flag = { type: ['boolean', 'null'] } as const;

const profileTexts = { postnom: text(150), sexe: text(10), avenue: text(150), quartier: text(150), commune: text(150), contact_nom: text(150), contact_telephone: text(30), contact_adresse: text(255) };
const patientProfile = { type: ['object', 'null'], properties: { date_of_birth: text(10, { description: 'AAAA-MM-JJ' }), phone_number: text(60), address: text(2000), ...profileTexts } };
const medecinProfile = { type: ['object', 'null'], properties: { specialty: text(100), phone_number: text(60), address: text(2000), is_available: flag } };

/** What anyone may write of their own account; the French names are those of older forms. */
export const ownProperties = {
  first_name: text(150),
  last_name: text(150),
  email: text(254),
  phone: text(30),
  patient_profile: patientProfile,
  medecin_profile: medecinProfile,
  prenom: text(150),
  nom: text(150),
  telephone: text(30),
  date_naissance: text(10),
  ...profileTexts,
};

/** What an admin may write of another's account besides. */
export const adminProperties = { role: text(20), is_active: flag, is_staff: flag, is_superuser: flag, etablissement_id: { type: ['integer', 'null'], minimum: 1, maximum: 2_147_483_647 } };

/** French name of older forms -> the account's own. */
const alias: Record<string, string> = { prenom: 'first_name', nom: 'last_name', telephone: 'phone', date_naissance: 'date_of_birth' };

/** The first of `names` that was written; null and `""` remove what stood there. */
function textOf(body: Written, ...names: string[]): string | undefined {
  const name = names.find((one) => body[one] !== undefined);
  return name === undefined ? undefined : ((body[name] as string | null) ?? '');
}

/** A value for which null and `""` mean "not said". */
const said = (value: unknown): never => (value === null || value === '' ? undefined : value) as never;

/** What a client wrote of their own account, under the contract's names or those of older forms; the former count where both are given. */
export function readOwnInput(body: Written): UserInput {
  return {
    firstName: textOf(body, 'first_name', 'prenom'),
    lastName: textOf(body, 'last_name', 'nom'),
    email: textOf(body, 'email'),
    phone: textOf(body, 'phone', 'telephone'),
    patientProfile: readPatientProfile(body),
    medecinProfile: readMedecinProfile(body['medecin_profile'] as Written | null | undefined),
  };
}

/** What an admin wrote of an account. */
export function readUserInput(body: Written): UserInput {
  return {
    ...readOwnInput(body),
    role: said(body['role']),
    isActive: said(body['is_active']),
    isStaff: said(body['is_staff']),
    isSuperuser: said(body['is_superuser']),
    etablissementId: said(body['etablissement_id']),
  };
}

function readPatientProfile(body: Written): UserInput['patientProfile'] {
  const written = { ...body, phone_number: undefined, date_of_birth: undefined, address: undefined, ...(body['patient_profile'] as Written | null | undefined) };
  const profile = {
    dateOfBirth: textOf(written, 'date_of_birth', 'date_naissance'),
    phoneNumber: textOf(written, 'phone_number', 'telephone'),
    address: textOf(written, 'address'),
    postnom: textOf(written, 'postnom'),
    sexe: textOf(written, 'sexe'),
    avenue: textOf(written, 'avenue'),
    quartier: textOf(written, 'quartier'),
    commune: textOf(written, 'commune'),
    contactNom: textOf(written, 'contact_nom'),
    contactTelephone: textOf(written, 'contact_telephone'),
    contactAdresse: textOf(written, 'contact_adresse'),
  };
  return Object.values(profile).some((value) => value !== undefined) ? profile : undefined;
}

function readMedecinProfile(written: Written | null | undefined): UserInput['medecinProfile'] {
  if (!written) return undefined;
  return { specialty: textOf(written, 'specialty'), phoneNumber: textOf(written, 'phone_number'), address: textOf(written, 'address'), isAvailable: said(written['is_available']) };
}

/** Runs a call; the fields that it refuses are named as the client named them. */
export async function namedAsWritten<T>(body: Written, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof AppError) || !error.fields) throw error;
    const written = (field: string) => Object.keys(alias).find((name) => alias[name] === field && body[name] !== undefined && body[field] === undefined);
    const fields = Object.fromEntries(Object.entries(error.fields).map(([field, messages]) => [written(field) ?? field, messages]));
    throw new AppError(error.kind, error.code, firstFieldMessage(fields), { fields, retryAfterSeconds: error.retryAfterSeconds, cause: error });
  }
}
