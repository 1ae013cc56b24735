import { createDoublons, formes, ImportRefused, passeOf, tables, type Contexte, type Ecart, type Forme, type Ligne, type Reprise, type ServiceImport, type Source } from '@mediai/import-django';
import { emailKey, usernameKey } from '../account/account.ts';
import type { AccountImportStore } from './import-store.ts';
import { createJudgeAccounts, profilesWithoutAccount, type ImportedAccount } from './judge-accounts.ts';

const accountsByTransaction = 500;
const keysByReading = 5_000;
const profileTables = [formes.patientProfiles, formes.medecinProfiles];

/** The tables that this import reads. */
export const accountFormes = [formes.users, ...profileTables];

/** Auth's part of an import: users with their profiles, into one établissement. */
export function createImportAccounts(store: AccountImportStore, etablissementId: number): ServiceImport {
  return {
    sequences: [{ sequence: 'users_id_seq', table: tables.users }],
    advance: store.advance,
    audit: store.audit(etablissementId),
    close: store.close,
    async check() {
      if (await store.etablissementExists(etablissementId)) return;
      throw new ImportRefused(`There is no établissement ${etablissementId} here: make it first (the first start of this service makes the default one).`);
    },
    passes: async (contexte) => {
      for (const { table } of accountFormes) contexte.rapport.compte(table);
      await countOrphans(contexte);
      return [passeOf(await accounts(store, contexte))];
    },
  };
}

async function accounts(store: AccountImportStore, { source, options: { etablissementId, approveMedecins }, rapport }: Contexte): Promise<Reprise<ImportedAccount>> {
  const judge = createJudgeAccounts({ etablissementId, approveMedecins, ...(await readKeys(source)), now: new Date() });
  return {
    forme: formes.users,
    taille: accountsByTransaction,
    cible: { etat: store.etat, ecrire: (nouvelles) => store.write(nouvelles, etablissementId) },
    async juger(users, etat) {
      const [patientProfiles, medecinProfiles] = await profilesOf(source, users.map(({ id }) => Number(id)));
      const keys = users.map(keysOf);
      const held = await store.holders(keys.flatMap(({ username }) => username ?? []), keys.flatMap(({ email }) => email ?? []));
      const jugements = judge({ users, patientProfiles, medecinProfiles, ...held });
      countProfiles(jugements, etat.reprises);
      leaveOut(profilesWithoutAccount(...(await profilesOf(source, [...etat.prises]))));
      return jugements;
    },
  };

  /** A profile goes with its account: it is counted here, its faults with those of the account. */
  function countProfiles(jugements: ReturnType<typeof judge>, reprises: ReadonlySet<number>): void {
    for (const { id, nouvelle, ecarts } of jugements) {
      if (nouvelle?.profile) {
        const compte = rapport.compte(nouvelle.profile.table);
        compte.lues += 1;
        compte[reprises.has(id) ? 'deja' : 'reprises'] += 1;
        if (ecarts.some(({ table, effet }) => table === nouvelle.profile?.table && effet === 'colonne')) compte.reservees += 1;
      }
      count(ecarts.filter(({ table, effet }) => table !== tables.users && effet === 'ligne'));
    }
  }

  function leaveOut(ecarts: readonly Ecart[]): void {
    rapport.noter(ecarts);
    count(ecarts);
  }

  function count(ecarts: readonly Ecart[]): void {
    for (const { table } of ecarts) {
      rapport.compte(table).lues += 1;
      rapport.compte(table).ecartees += 1;
    }
  }
}

/** The profile rows of some users: patients', médecins'. */
async function profilesOf(source: Source, userIds: readonly number[]): Promise<[Ligne[], Ligne[]]> {
  const read = ({ table, colonnes }: Forme): Promise<Ligne[]> => source.byIds(table, Object.keys(colonnes), 'user_id', userIds);
  return [await read(formes.patientProfiles), await read(formes.medecinProfiles)];
}

/** Shows every username and e-mail address once, so that those that occur twice are known beforehand. */
async function readKeys(source: Source) {
  const usernames = createDoublons();
  const emails = createDoublons();
  for await (const lignes of source.batches(tables.users, ['id', 'username', 'email'], keysByReading)) {
    for (const { username, email } of lignes.map(keysOf)) {
      if (username !== undefined) usernames.remember(username);
      if (email !== undefined) emails.remember(email);
    }
  }
  return { usernames, emails };
}

/** Profiles of users that are not there at all. */
async function countOrphans({ source, rapport }: Contexte): Promise<void> {
  for (const { table } of profileTables) {
    const rows = await source.query<{ id: number }>(`SELECT p.id FROM ${table} p WHERE NOT EXISTS (SELECT FROM ${tables.users} u WHERE u.id = p.user_id) ORDER BY p.id`);
    rapport.compte(table).lues += rows.length;
    rapport.compte(table).ecartees += rows.length;
    rapport.noter(rows.map(({ id }) => ({ table, id, colonne: 'user_id', raison: 'compte inexistant', effet: 'ligne' })));
  }
}

const keysOf = ({ username, email }: Ligne) => ({
  username: typeof username === 'string' && username !== '' ? usernameKey(username) : undefined,
  email: typeof email === 'string' && email !== '' ? emailKey(email) : undefined,
});
