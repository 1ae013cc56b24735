import type { Acteur } from '@mediai/kit/acteur';
import { forbidden, invalid, unauthenticated } from '@mediai/kit/errors';
import type { AccountStore } from './account-store.ts';
import type { Account } from './account.ts';

type Needs = { accounts: Pick<AccountStore, 'findAccount' | 'findAccounts'> };

const maxIds = 200;

/** The actor's own account; throws `unauthenticated` for one that is no more, `forbidden` for a service. */
export function createGetMe({ accounts }: Needs) {
  return async (acteur: Acteur): Promise<Account> => {
    if (acteur.role === 'service') throw forbidden();
    const account = await accounts.findAccount(acteur.id);
    if (!account?.isActive) throw unauthenticated();
    return account;
  };
}

/**
 * Accounts by id, unknown ones left out: any for a service or a superuser, those of their own établissement for an admin
 * or an approved médecin. Throws `forbidden` for the others (`compte.en_attente` for a médecin not approved yet).
 */
export function createGetUsers({ accounts }: Needs) {
  return async (acteur: Acteur, ids: number[]): Promise<Account[]> => {
    const etablissementId = readableEtablissement(acteur);
    if (ids.length > maxIds) throw invalid({ ids: [`Assurez-vous que ce champ comporte au plus ${maxIds} éléments.`] });
    if (ids.length === 0) return [];
    return accounts.findAccounts([...new Set(ids)], etablissementId);
  };
}

function readableEtablissement(acteur: Acteur): number | undefined {
  if (acteur.role === 'service' || acteur.estSuperuser) return undefined;
  if (acteur.estAdmin || (acteur.role === 'medecin' && acteur.approuve)) return acteur.etablissementId;
  if (acteur.role === 'medecin') throw forbidden('compte.en_attente', "Votre compte attend l'approbation d'un administrateur.");
  throw forbidden();
}
