import type { Acteur } from '@mediai/kit/acteur';
import { lirePage, type Page } from '@mediai/kit/page';
import { exiger, exigerTrouve, may, porteeListe } from '../acces/acces.ts';
import type { AccountListStore, AccountPage } from './account-list-store.ts';
import type { AccountStore } from '../account/account-store.ts';
import { isApproved, type Account } from '../account/account.ts';
import { fold, isUnfindable } from './search.ts';

/** Which médecins: available ones or not, a part of the specialty, a page. */
export type MedecinQuery = Page & { available?: boolean; specialty?: string };

/**
 * A page of the active, approved médecins of the actor's établissement, by last name; private contact only for admins,
 * who are also told of logins and therefore always read the accounts themselves.
 * @param enCache where others are answered from; the accounts unless given
 */
export function createListMedecins({ accounts, enCache = accounts }: { accounts: Pick<AccountListStore, 'list'>; enCache?: Pick<AccountListStore, 'list'> }) {
  return async (acteur: Acteur, { available, specialty = '', ...page }: MedecinQuery): Promise<AccountPage> => {
    exiger(acteur, 'medecin.lister');
    const window = lirePage(page);
    if (isUnfindable(specialty)) return { accounts: [], count: 0, countExact: true };
    const source = may(acteur, 'medecin.lire_contact') === 'oui' ? accounts : enCache;
    const found = await source.list({
      ...window, available, specialty: fold(specialty.trim()) || undefined, role: 'medecin', ouverts: true, etablissementId: porteeListe(acteur, 'medecin.lister'), ordre: 'nom',
    });
    return { ...found, accounts: found.accounts.map((account) => seenBy(acteur, account)) };
  };
}

/** One of them; throws `not_found` for any other account. */
export function createGetMedecin({ accounts }: { accounts: Pick<AccountStore, 'findAccount'> }) {
  return async (acteur: Acteur, id: number): Promise<Account> => {
    exiger(acteur, 'medecin.lire');
    const account = await accounts.findAccount(id);
    const isOpen = account?.role === 'medecin' && account.isActive && isApproved(account);
    return seenBy(acteur, exigerTrouve(acteur, 'medecin.lire', isOpen ? account : undefined));
  };
}

/** The professional contact is in the profile; the private one is an admin's business. */
function seenBy(acteur: Acteur, account: Account): Account {
  return may(acteur, 'medecin.lire_contact', account) === 'oui' ? account : { ...account, email: null, phone: null, lastLogin: null };
}
