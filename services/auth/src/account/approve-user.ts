import type { Acteur } from '@mediai/kit/acteur';
import { AppError } from '@mediai/kit/errors';
import { exiger, exigerTrouve } from '../acces/acces.ts';
import { acteDe } from '../audit/acte.ts';
import type { Idempotence, Once } from '../idempotence/idempotence.ts';
import type { AccountChange, AccountChangeStore } from './account-change-store.ts';
import type { Account } from './account.ts';

type Needs = { accounts: Pick<AccountChangeStore, 'change'> };

/**
 * An admin opens a médecin's account; the access tokens that say it is closed count no more. Nothing happens to one that is
 * open. Throws `forbidden`, `not_found`, `invalid` (`compte.pas_medecin`) for an account that is no médecin's.
 */
export function createApproveUser({ accounts }: Needs) {
  return async (acteur: Acteur, id: number, idempotence?: Idempotence<Account>): Promise<Once<Account>> => {
    exiger(acteur, 'compte.approuver');
    const outcome = await accounts.change(id, (found) => approved(acteur, exigerTrouve(acteur, 'compte.approuver', found)), idempotence);
    if ('taken' in outcome) throw new Error('An approval changes no name.');
    return outcome;
  };
}

function approved(acteur: Acteur, account: Account): AccountChange | null {
  const { medecinProfile } = account;
  if (!medecinProfile) throw new AppError('invalid', 'compte.pas_medecin', "Ce compte n'est pas celui d'un médecin.");
  if (medecinProfile.isApproved) return null;
  return {
    account: { ...account, medecinProfile: { ...medecinProfile, isApproved: true } },
    sessions: 'renouveler',
    acte: acteDe(acteur, { action: 'compte.approbation', objetType: 'users', objetId: String(account.id), etablissementId: account.etablissementId }),
  };
}
