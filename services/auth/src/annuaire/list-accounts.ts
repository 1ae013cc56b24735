import type { Acteur } from '@mediai/kit/acteur';
import { invalid } from '@mediai/kit/errors';
import { lirePage, type Page } from '@mediai/kit/page';
import { exiger, porteeListe, type Action } from '../acces/acces.ts';
import { noChoice } from '../form/field.ts';
import type { AccountListStore, AccountPage } from './account-list-store.ts';
import type { AccountRole } from '../account/account.ts';
import { isUnfindable, readSearch } from './search.ts';

type Needs = { accounts: Pick<AccountListStore, 'list'> };

/** Which accounts: words to find, a role (empty is any), a page. */
export type AccountQuery = Page & { search?: string; role?: string };

const nothing: AccountPage = { accounts: [], count: 0, countExact: true };

/** A page of accounts, newest first, for admins. Throws `forbidden`, `invalid` for an unknown role. */
export const createListUsers = (needs: Needs) => createList(needs, 'compte.lister', true);

/** The same for médecins too, who are shown the short form. */
export const createListUsersCourts = (needs: Needs) => createList(needs, 'compte_court.lister', false);

/** A page of patients, newest first, for médecins and admins. Throws `forbidden`. */
export function createListPatients(needs: Needs) {
  const list = createList(needs, 'patient.lister', true);
  return (acteur: Acteur, query: Omit<AccountQuery, 'role'>): Promise<AccountPage> => list(acteur, { ...query, role: 'patient' });
}

function createList({ accounts }: Needs, action: Action, avecTelephone: boolean) {
  return async (acteur: Acteur, { search = '', role: typedRole, ...page }: AccountQuery): Promise<AccountPage> => {
    exiger(acteur, action);
    const role = readRoleFilter(typedRole);
    const window = lirePage(page);
    if (isUnfindable(search)) return nothing;
    return accounts.list({ ...window, role, etablissementId: porteeListe(acteur, action), search: readSearch(search, avecTelephone), ordre: 'recent' });
  };
}

function readRoleFilter(role: string | undefined): AccountRole | undefined {
  if (!role) return undefined;
  if (role !== 'patient' && role !== 'medecin') throw invalid({ role: [noChoice(role)] });
  return role;
}
