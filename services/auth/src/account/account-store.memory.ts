import { invalid } from '@mediai/kit/errors';
import { enCompte, rangDe } from '@mediai/kit/page';
import type { Acte } from '../audit/acte.ts';
import { createMemoryRunOnce } from '../idempotence/idempotence.memory.ts';
import type { Idempotence, Once } from '../idempotence/idempotence.ts';
import type { AccountChange, AccountChangeStore } from './account-change-store.ts';
import type { AccountFilter, AccountListStore } from '../annuaire/account-list-store.ts';
import type { AccountStore, Taken } from './account-store.ts';
import { emailKey, isApproved, tokensValidFrom, usernameKey, type Account } from './account.ts';
import { fold } from '../annuaire/search.ts';

type Kept = { account: Account; passwordHash: string };

export type MemoryAccounts = AccountStore &
  AccountChangeStore &
  AccountListStore & {
    /** Those that are not deleted. */
    rows: Map<number, Kept>;
    deleted: Map<number, Account>;
    actes: Acte[];
    /** Accounts as they were told to other services, in order. */
    announced: Account[];
    /** Users whose sessions ended, in order. */
    ended: number[];
  };

/** The account stores without a database; `exists` tells which établissements there are. */
export function createMemoryAccounts(exists: (etablissementId: number) => boolean = () => true, clock = (): Date => new Date()): MemoryAccounts {
  const rows = new Map<number, Kept>();
  const deleted = new Map<number, Account>();
  const actes: Acte[] = [];
  const announced: Account[] = [];
  const ended: number[] = [];
  const runOnce = createMemoryRunOnce();
  let nextId = 1000;
  const accounts = (): Account[] => [...rows.values()].map(({ account }) => account);

  function takenBy(wanted: Pick<Account, 'id' | 'username' | 'email'>): Taken | undefined {
    const others = [...accounts(), ...deleted.values()].filter(({ id }) => id !== wanted.id);
    if (others.some(({ username }) => usernameKey(username) === usernameKey(wanted.username))) return 'username';
    const { email } = wanted;
    return email !== null && others.some((other) => other.email !== null && emailKey(other.email) === emailKey(email)) ? 'email' : undefined;
  }

  function orTaken(idempotence: Idempotence<Account> | undefined, work: () => Account): Once<Account> | { taken: Taken } {
    try {
      return runOnce(idempotence, work);
    } catch (thrown) {
      if (thrown instanceof Conflict) return { taken: thrown.taken };
      throw thrown;
    }
  }

  function hold(etablissementId: number): void {
    if (!exists(etablissementId)) throw invalid({ etablissement_id: [`L'établissement « ${etablissementId} » n'existe pas.`] }, 'compte.invalide');
  }

  function write({ account, acte, sessions, ferme }: AccountChange, present: Account, at: Date): Account {
    const taken = takenBy(account);
    if (taken) throw new Conflict(taken);
    const validFrom = sessions === 'garder' ? present.tokensValidFrom : tokensValidFrom(at, present.tokensValidFrom);
    const changed = { ...account, version: present.version + 1, tokensValidFrom: validFrom, ...(ferme ? { lastLogin: null } : {}) };
    if (sessions === 'finir') ended.push(account.id);
    const passwordHash = rows.get(account.id)?.passwordHash ?? '';
    rows.delete(account.id);
    if (ferme) deleted.set(account.id, changed);
    else rows.set(account.id, { account: changed, passwordHash });
    actes.push(acte);
    announced.push(changed);
    return changed;
  }

  return {
    rows,
    deleted,
    actes,
    announced,
    ended,
    async create({ passwordHash, id: wanted, ...fields }, acte, idempotence) {
      return orTaken(idempotence, () => {
        hold(fields.etablissementId);
        if (wanted !== undefined && (rows.has(wanted) || deleted.has(wanted))) throw new Conflict('id');
        const account: Account = { ...fields, id: wanted ?? nextId, version: 1, lastLogin: null, tokensValidFrom: null };
        const taken = takenBy(account);
        if (taken) throw new Conflict(taken);
        if (wanted === undefined) nextId++;
        rows.set(account.id, { account, passwordHash });
        actes.push(acte(account));
        announced.push(account);
        return account;
      });
    },
    async change(id, decide, idempotence) {
      return orTaken(idempotence, () => {
        const present = rows.get(id)?.account;
        const change = decide(present);
        if (!present) throw new Error('A missing account was not refused.');
        if (!change) return present;
        if (change.account.etablissementId !== present.etablissementId) hold(change.account.etablissementId);
        return write(change, present, clock());
      });
    },
    async changePassword(id, passwordHash, acte) {
      const row = rows.get(id);
      if (row) rows.set(id, { ...row, passwordHash });
      actes.push(acte);
    },
    async findCredentials(username) {
      const found = [...rows.values()].find(({ account }) => usernameKey(account.username) === usernameKey(username));
      if (!found) return undefined;
      const { id, role, isActive, isStaff, etablissementId } = found.account;
      return { account: { id, role, isActive, isStaff, etablissementId }, passwordHash: found.passwordHash };
    },
    async findAccount(id) {
      return rows.get(id)?.account;
    },
    async findAccounts(ids) {
      return [...accounts(), ...deleted.values()].filter((account) => ids.includes(account.id));
    },
    empreinteMedecins: async (etablissementId) => accounts().filter((account) => account.role === 'medecin' && account.etablissementId === etablissementId).map(({ id, version }) => `${id}.${version}`).sort().join(),
    async list(filter) {
      const found = accounts().filter(matching(filter)).sort(orders[filter.ordre]);
      const skip = rangDe(filter);
      return { accounts: found.slice(skip, skip + filter.pageSize), ...enCompte(found.length) };
    },
  };
}

class Conflict extends Error {
  override readonly name = 'Conflict';
  readonly taken: Taken;
  constructor(taken: Taken) {
    super(taken);
    this.taken = taken;
  }
}

function matching({ etablissementId, role, search, ouverts, available, specialty }: AccountFilter): (account: Account) => boolean {
  return (account) => {
    const { username, firstName, lastName, email, phone, medecinProfile } = account;
    const texts = fold([username, firstName, lastName, email, search?.avecTelephone ? phone : null].filter(Boolean).join(' '));
    return (
      (etablissementId === undefined || account.etablissementId === etablissementId) &&
      (role === undefined || account.role === role) &&
      (!ouverts || (account.isActive && isApproved(account))) &&
      (available === undefined || medecinProfile?.isAvailable === available) &&
      (specialty === undefined || fold(medecinProfile?.specialty ?? '').includes(specialty)) &&
      (search === undefined || search.mots.every((mot) => texts.includes(mot)) || (search.telephone !== undefined && search.telephone === phone))
    );
  };
}

const compareTexts = (a: string, b: string): number => Number(fold(a) > fold(b)) - Number(fold(a) < fold(b));

const orders: Record<AccountFilter['ordre'], (a: Account, b: Account) => number> = {
  recent: (a, b) => b.dateJoined.getTime() - a.dateJoined.getTime() || b.id - a.id,
  nom: (a, b) => compareTexts(a.lastName, b.lastName) || compareTexts(a.firstName, b.firstName) || a.id - b.id,
};
