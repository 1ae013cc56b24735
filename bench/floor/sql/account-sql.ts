import { enCompte, profondeurMax, rangDe } from '@mediai/kit/page';
import type { Account, MedecinProfile, PatientProfile } from '../../../services/auth/src/account/account.ts';
import type { AccountFilter, AccountPage } from '../../../services/auth/src/annuaire/account-list-store.ts';
import { run, type Db } from '../databases.ts';
import { createParams } from './params.ts';

const COLONNES = `u.id, u.username, u.first_name AS "firstName", u.last_name AS "lastName", u.email, u.phone, u.role, u.is_active AS "isActive", u.is_staff AS "isStaff", u.is_superuser AS "isSuperuser",
  u.date_joined AS "dateJoined", u.last_login AS "lastLogin", u.etablissement_id AS "etablissementId", u.tokens_valid_from AS "tokensValidFrom", u.version,
  p.user_id AS p_user, p.date_of_birth AS "dateOfBirth", p.phone_number AS "phoneNumber", p.address, p.postnom, p.sexe, p.avenue, p.quartier, p.commune, p.contact_nom AS "contactNom", p.contact_telephone AS "contactTelephone", p.contact_adresse AS "contactAdresse",
  m.user_id AS m_user, m.specialty AS m_specialty, m.phone_number AS m_phone, m.address AS m_address, m.is_available AS m_available, m.is_approved AS m_approved`;
const PROFILS = 'LEFT JOIN patient_profile p ON p.user_id = u.id LEFT JOIN medecin_profile m ON m.user_id = u.id';
const FIND = `SELECT ${COLONNES} FROM users u ${PROFILS} WHERE u.id = $1 AND u.deleted_at IS NULL`;

type Row = Omit<Account, 'patientProfile' | 'medecinProfile'> & PatientProfile & { p_user: number | null; m_user: number | null; m_specialty: string | null; m_phone: string | null; m_address: string | null; m_available: boolean; m_approved: boolean };

function toAccount(row: Row): Account {
  const { dateOfBirth, phoneNumber, address, postnom, sexe, avenue, quartier, commune, contactNom, contactTelephone, contactAdresse } = row;
  const medecin: MedecinProfile = { specialty: row.m_specialty, phoneNumber: row.m_phone, address: row.m_address, isAvailable: row.m_available, isApproved: row.m_approved };
  return {
    id: row.id, username: row.username, firstName: row.firstName, lastName: row.lastName, email: row.email, phone: row.phone, role: row.role, isActive: row.isActive, isStaff: row.isStaff, isSuperuser: row.isSuperuser,
    dateJoined: row.dateJoined, lastLogin: row.lastLogin, etablissementId: row.etablissementId, tokensValidFrom: row.tokensValidFrom, version: row.version,
    patientProfile: row.p_user === null ? null : { dateOfBirth, phoneNumber, address, postnom, sexe, avenue, quartier, commune, contactNom, contactTelephone, contactAdresse },
    medecinProfile: row.m_user === null ? null : medecin,
  };
}

/** An account that is not deleted, with its profile. */
export async function findAccount(db: Db, id: number): Promise<Account | undefined> {
  const [row] = await run<Row>(db, FIND, [id]);
  return row && toAccount(row);
}

const folded = (column: string): string => `lower(regexp_replace(normalize(${column}, NFKD), '[\u0300-\u036F]', '', 'g'))`;

/** A page of the active, approved médecins of an établissement by name, with how many there are, in one round trip. */
export async function listMedecins(db: Db, { etablissementId, available, specialty, ...page }: AccountFilter): Promise<AccountPage> {
  const params = createParams();
  const where = [
    "u.deleted_at IS NULL AND u.role = 'medecin' AND u.is_active AND m.is_approved",
    ...(etablissementId === undefined ? [] : [`u.etablissement_id = ${params.add(etablissementId, 'int')}`]),
    ...(available === undefined ? [] : [`m.is_available = ${params.add(available, 'bool')}`]),
    ...(specialty === undefined ? [] : [`strpos(${folded('m.specialty')}, ${params.add(specialty, 'text')}) > 0`]),
  ].join(' AND ');
  const lues = `SELECT u.id, row_number() OVER () AS rang FROM (SELECT u.id FROM users u JOIN medecin_profile m ON m.user_id = u.id WHERE ${where} ORDER BY ${folded('u.last_name')}, ${folded('u.first_name')}, u.id LIMIT ${page.pageSize} OFFSET ${rangDe(page)}) AS u`;
  const compte = `SELECT count(*)::int AS lus FROM (SELECT 1 FROM users u JOIN medecin_profile m ON m.user_id = u.id WHERE ${where} LIMIT ${profondeurMax + 1}) AS comptes`;
  const text = `SELECT compte.lus, ${COLONNES} FROM (${compte}) AS compte LEFT JOIN ((${lues}) AS page JOIN users u ON u.id = page.id ${PROFILS}) ON true ORDER BY page.rang`;
  const rows = await run<Row & { lus: number }>(db, text, params.values);
  return { accounts: rows.filter(({ id }) => id !== null).map(toAccount), ...enCompte(rows[0]?.lus ?? 0) };
}
