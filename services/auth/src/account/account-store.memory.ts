import type { Acte } from '../audit/acte.ts';
import type { AccountStore } from './account-store.ts';
import { emailKey, usernameKey, type Account, type Credentials } from './account.ts';

export type MemoryAccounts = AccountStore & {
  rows: Map<number, Credentials>;
  actes: Acte[];
  /** Accounts as they were told to other services, in order. */
  announced: Account[];
};

/** The account store without a database. */
export function createMemoryAccounts(): MemoryAccounts {
  const rows = new Map<number, Credentials>();
  const actes: Acte[] = [];
  const announced: Account[] = [];
  let nextId = 1000;
  const accounts = (): Account[] => [...rows.values()].map(({ account }) => account);

  return {
    rows,
    actes,
    announced,
    async create({ passwordHash, id: wanted, ...fields }, acte) {
      if (wanted !== undefined && rows.has(wanted)) return { taken: 'id' };
      if (accounts().some(({ username }) => usernameKey(username) === usernameKey(fields.username))) return { taken: 'username' };
      const { email } = fields;
      if (email !== null && accounts().some((other) => other.email !== null && emailKey(other.email) === emailKey(email))) return { taken: 'email' };
      const account: Account = { ...fields, id: wanted ?? nextId++, version: 1, lastLogin: null, tokensValidFrom: null };
      rows.set(account.id, { account, passwordHash });
      actes.push(acte(account));
      announced.push(account);
      return { created: account };
    },
    async changePassword(id, passwordHash, acte) {
      const row = rows.get(id);
      if (row) rows.set(id, { ...row, passwordHash });
      actes.push(acte);
    },
    async findCredentials(username) {
      return [...rows.values()].find(({ account }) => usernameKey(account.username) === usernameKey(username));
    },
    async findAccount(id) {
      return rows.get(id)?.account;
    },
    async findAccounts(ids, etablissementId) {
      return accounts().filter((account) => ids.includes(account.id) && (etablissementId === undefined || account.etablissementId === etablissementId));
    },
  };
}
