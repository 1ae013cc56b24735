import { unauthenticated } from '@mediai/kit/errors';
import type { Compte, Page } from '@mediai/kit/page';
import { exiger } from '../../../services/auth/src/acces/acces.ts';
import { createListMedecins } from '../../../services/auth/src/annuaire/read-medecins.ts';
import type { Account } from '../../../services/auth/src/account/account.ts';
import type { Appel } from '../appel.ts';
import type { Pools } from '../databases.ts';
import { findAccount, listMedecins } from '../sql/account-sql.ts';

/** Accounts, by auth's rules. */
export function createAccounts(pool: Pools['auth']) {
  const medecins = createListMedecins({ accounts: { list: (filter) => listMedecins(pool, filter) } });
  return {
    /** The actor's own account. @throws AppError */
    async getMe({ acteur }: Appel): Promise<Account> {
      exiger(acteur, 'compte.mien');
      const account = await findAccount(pool, acteur.id);
      if (!account?.isActive) throw unauthenticated();
      return account;
    },
    /** A page of the médecins who take appointments. @throws AppError */
    listAvailable: ({ acteur }: Appel, page: Page, specialty: string | undefined): Promise<Compte & { accounts: Account[] }> => medecins(acteur, { ...page, available: true, specialty }),
  };
}
