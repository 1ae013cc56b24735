import type { SealedCache } from '@mediai/kit/cache';
import type { AccountFilter, AccountListStore, AccountPage } from './account-list-store.ts';

const keptSeconds = 30;

/**
 * Pages of médecins as they are listed again and again: kept under what PostgreSQL says of the accounts at that moment, so
 * that no page is ever older than the last change of an account, whoever made it and whatever the cache has missed.
 */
export function createMedecinsEnCache({ accounts, cache }: { accounts: Pick<AccountListStore, 'list' | 'empreinteMedecins'>; cache: SealedCache }): Pick<AccountListStore, 'list'> {
  return {
    async list(filter: AccountFilter): Promise<AccountPage> {
      if (filter.etablissementId === undefined || filter.role !== 'medecin') return accounts.list(filter);
      const key = `medecins:${await accounts.empreinteMedecins(filter.etablissementId)}:${JSON.stringify(filter)}`;
      const kept = await cache.get<AccountPage>(key);
      if (kept) return kept;
      const page = await accounts.list(filter);
      void cache.set(key, page, keptSeconds); // nobody waits for it; it never throws
      return page;
    },
  };
}
