import { isDeepStrictEqual } from 'node:util';
import type { Acteur } from '@mediai/kit/acteur';
import { forbidden, invalid, unauthenticated } from '@mediai/kit/errors';
import { exiger, exigerTrouve, may } from '../acces/acces.ts';
import { acteDe } from '../audit/acte.ts';
import type { AccountChange, AccountChangeStore } from './account-change-store.ts';
import { refuseFaultyAccount, takenFaults, invalidAccount } from './account-fields.ts';
import { readAccountForm, type AccountFields, type AccountForm } from './account-form.ts';
import type { Account } from './account.ts';
import { changedRights, withFields } from './change-account.ts';

type Needs = { accounts: Pick<AccountChangeStore, 'change'>; clock: () => Date };

/**
 * Changes an account: one's own (without `id`) or, as an admin, another's. Nobody changes their own rights: what is written
 * about them is left out, as clients send whole objects back; another's établissement and superusers are for superusers.
 * Another's changed rights end the access tokens that say the old ones; a deactivated account is logged out everywhere.
 * Returns the account as it then is. Throws `invalid` (`compte.invalide`) naming every faulty field, `not_found`,
 * `forbidden` (`compte.superuser`, `compte.reserve_superuser`).
 */
export function createUpdateUser({ accounts, clock }: Needs) {
  return async (acteur: Acteur, id: number | undefined, form: AccountForm): Promise<Account> => {
    const soi = id === undefined || id === acteur.id;
    exiger(acteur, soi ? 'compte.mien' : 'compte.modifier');
    const { fields, faults } = readAccountForm(soi ? ownForm(acteur, form) : form, clock());
    const outcome = await accounts.change(soi ? acteur.id : id, (found) => {
      if (soi && !found?.isActive) throw unauthenticated();
      const account = exigerTrouve(acteur, 'compte.modifier', found);
      refuseFaultyAccount(faults(fields.role ?? account.role));
      if (!soi) refuseReserved(acteur, account, fields);
      return changed(acteur, account, fields);
    });
    if ('taken' in outcome) throw invalid(takenFaults[outcome.taken], invalidAccount);
    if ('replayed' in outcome) throw new Error('An update has no idempotency key.');
    return outcome.done;
  };
}

/** What one may write of oneself. */
function ownForm(acteur: Acteur, { role: _role, isActive: _active, isStaff: _staff, isSuperuser: _superuser, etablissementId, ...form }: AccountForm): AccountForm {
  return may(acteur, 'compte.deplacer') === 'oui' && etablissementId !== undefined ? { ...form, etablissementId } : form;
}

function refuseReserved(acteur: Acteur, account: Account, { isSuperuser, etablissementId }: AccountFields): void {
  const moves = etablissementId !== undefined && etablissementId !== account.etablissementId;
  const promotes = isSuperuser !== undefined && isSuperuser !== account.isSuperuser;
  if ((moves && may(acteur, 'compte.deplacer') !== 'oui') || (promotes && may(acteur, 'compte.promouvoir_superuser') !== 'oui')) throw reservedToSuperusers();
}

/** 403: fields of an account that only superusers set. */
export function reservedToSuperusers() {
  return forbidden('compte.reserve_superuser', "Seul un superutilisateur peut changer d'établissement un compte ou en faire un superutilisateur.");
}

function changed(acteur: Acteur, before: Account, fields: AccountFields): AccountChange | null {
  const account = withFields(before, fields);
  if (isDeepStrictEqual(account, before)) return null;
  const raison = changedRights(before, account);
  const closes = before.isActive && !account.isActive;
  return {
    account,
    sessions: closes ? 'finir' : raison ? 'renouveler' : 'garder',
    acte: acteDe(acteur, {
      action: raison ? 'compte.droits' : 'compte.modification', objetType: 'users', objetId: String(account.id), etablissementId: account.etablissementId, ...(raison ? { raison } : {}),
    }),
  };
}
