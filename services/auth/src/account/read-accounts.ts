import type { Acteur } from '@mediai/kit/acteur';
import { invalid, unauthenticated } from '@mediai/kit/errors';
import { exiger, exigerTrouve } from '../acces/acces.ts';
import type { AccountStore } from './account-store.ts';
import type { Account } from './account.ts';

type Needs = { accounts: Pick<AccountStore, 'findAccount' | 'findAccounts'> };

const maxIds = 200;

/** The actor's own account; throws `unauthenticated` for one that is no more, `forbidden` for a service. */
export function createGetMe({ accounts }: Needs) {
  return async (acteur: Acteur): Promise<Account> => {
    exiger(acteur, 'compte.mien');
    const account = await accounts.findAccount(acteur.id);
    if (!account?.isActive) throw unauthenticated();
    return account;
  };
}

/** Accounts by id for a service, unknown ones left out; throws `forbidden` for anybody else. */
export function createGetUsers({ accounts }: Needs) {
  return async (acteur: Acteur, ids: number[]): Promise<Account[]> => {
    exiger(acteur, 'compte.consulter');
    if (ids.length > maxIds) throw invalid({ ids: [`Assurez-vous que ce champ comporte au plus ${maxIds} éléments.`] });
    if (ids.length === 0) return [];
    return accounts.findAccounts([...new Set(ids)]);
  };
}

/** One account: one's own, or for an admin one of the établissement. Throws `forbidden`, `not_found`. */
export function createGetUser({ accounts }: Needs) {
  return async (acteur: Acteur, id: number): Promise<Account> => {
    exiger(acteur, 'compte.lire');
    return exigerTrouve(acteur, 'compte.lire', await accounts.findAccount(id));
  };
}

/** One account of the établissement for a médecin or an admin, who are shown its short form. Throws `forbidden`, `not_found`. */
export function createGetUserCourt({ accounts }: Needs) {
  return async (acteur: Acteur, id: number): Promise<Account> => {
    exiger(acteur, 'compte_court.lire');
    return exigerTrouve(acteur, 'compte_court.lire', await accounts.findAccount(id));
  };
}
