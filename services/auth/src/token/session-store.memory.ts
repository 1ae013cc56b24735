import type { MemoryAccounts } from '../account/account-store.memory.ts';
import { isApproved, type Account } from '../account/account.ts';
import { createMemoryRunOnce } from '../idempotence/idempotence.memory.ts';
import type { TokenHolder } from './access-token.ts';
import type { CloseSessionStore } from './close-session-store.ts';
import type { createMemoryGuessing } from './guessing-store.memory.ts';
import { judgeRefreshToken } from './refresh-token.ts';
import type { FoundToken, NewToken, SessionStore } from './session-store.ts';

type Family = { userId: number; revokedAt: Date | null };
type Token = { familyId: string; expiresAt: Date; rotatedAt: Date | null };

const keyOf = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');

/** Families of refresh tokens without a database, beside the accounts and guesses of the same memory. */
export function createMemorySessions(accounts: MemoryAccounts, guessing: ReturnType<typeof createMemoryGuessing>): SessionStore & CloseSessionStore {
  const families = new Map<string, Family>();
  const tokens = new Map<string, Token>();
  const runOnce = createMemoryRunOnce();

  function find(hash: Uint8Array, at: Date): FoundToken | undefined {
    const token = tokens.get(keyOf(hash));
    const family = token && families.get(token.familyId);
    const account = family && accounts.rows.get(family.userId)?.account;
    if (!token || !family || !account) return undefined;
    const verdict = judgeRefreshToken({ ...token, familyRevokedAt: family.revokedAt, accountIsActive: account.isActive }, at);
    return { verdict, holder: toHolder(account), familyId: token.familyId };
  }

  function add(familyId: string, { hash, expiresAt }: NewToken): void {
    tokens.set(keyOf(hash), { familyId, expiresAt, rotatedAt: null });
  }

  function revoke(familyId: string, at: Date): void {
    const family = families.get(familyId);
    if (family) family.revokedAt ??= at;
  }

  return {
    async open({ familyId, userId, passwordHash: { verified, renewed }, token, guesses, at }, acte) {
      const row = accounts.rows.get(userId);
      if (row?.passwordHash !== verified || !row.account.isActive) return undefined;
      families.set(familyId, { userId, revokedAt: null });
      add(familyId, token);
      accounts.rows.set(userId, { passwordHash: renewed ?? verified, account: { ...row.account, lastLogin: at } });
      guessing.forgive(guesses, at);
      accounts.actes.push(acte);
      return toHolder(row.account);
    },
    async refuse(guesses, at, acte) {
      guessing.countRefusal(guesses, at);
      accounts.actes.push(acte);
    },
    find: async (hash, at) => find(hash, at),
    async use(hash, next, at, onReuse) {
      const found = find(hash, at);
      if (found?.verdict === 'reused') {
        revoke(found.familyId, at);
        accounts.actes.push(onReuse(found));
      }
      if (next && found && (found.verdict === 'valid' || found.verdict === 'grace')) {
        const token = tokens.get(keyOf(hash)) as Token;
        token.rotatedAt ??= at;
        add(found.familyId, next);
      }
      return found;
    },
    close: async (hash, at, judge, idempotence) =>
      runOnce(idempotence, () => {
        const { familyId, acte } = judge(find(hash, at));
        revoke(familyId, at);
        accounts.actes.push(acte);
      }),
    async revocations(since) {
      const from = [...accounts.rows.values()].map(({ account }) => ({ userId: account.id, validFrom: (account.tokensValidFrom?.getTime() ?? 0) / 1000 }));
      return from.filter(({ validFrom }) => validFrom * 1000 >= Math.max(1, since.getTime()));
    },
    async purge(before) {
      const live = new Set([...tokens.values()].filter(({ expiresAt }) => expiresAt >= before).map(({ familyId }) => familyId));
      const dead = [...families.keys()].filter((id) => !live.has(id));
      for (const id of dead) families.delete(id);
      const expired = [...tokens].filter(([, { expiresAt }]) => expiresAt < before);
      for (const [key] of expired) tokens.delete(key);
      return dead.length + expired.filter(([, { familyId }]) => live.has(familyId)).length;
    },
  };
}

function toHolder(account: Account): TokenHolder {
  const { id, role, isStaff, isSuperuser, etablissementId, tokensValidFrom } = account;
  return { id, role, isStaff, isSuperuser, etablissementId, tokensValidFrom, approuve: isApproved(account) };
}
