import type { Acteur } from '@mediai/kit/acteur';
import { exiger, exigerTrouve } from '../acces/acces.ts';
import { acteDe } from '../audit/acte.ts';
import type { AccountChangeStore } from './account-change-store.ts';
import { deletedUsername } from './account-fields.ts';
import { emptyMedecinProfile, emptyPatientProfile, type Account } from './account.ts';

type Needs = { accounts: Pick<AccountChangeStore, 'change'> };

/**
 * Closes an account for good and forgets who it was; its number and its dossiers stay. Throws `forbidden` (also
 * `compte.superuser`), `not_found`, `invalid` (`compte.soi_meme`).
 */
export function createDeleteUser({ accounts }: Needs) {
  return async (acteur: Acteur, id: number): Promise<void> => {
    exiger(acteur, 'compte.supprimer');
    await accounts.change(id, (found) => {
      const account = exigerTrouve(acteur, 'compte.supprimer', found);
      return {
        account: pseudonymised(account),
        sessions: 'finir',
        ferme: true,
        acte: acteDe(acteur, { action: 'compte.suppression', objetType: 'users', objetId: String(id), etablissementId: account.etablissementId }),
      };
    });
  };
}

/** What is left of an account: that it was one, of which role, where and since when. */
function pseudonymised(account: Account): Account {
  return {
    ...account,
    username: deletedUsername(account.id),
    firstName: '',
    lastName: '',
    email: null,
    phone: null,
    isActive: false,
    isStaff: false,
    isSuperuser: false,
    patientProfile: account.patientProfile && emptyPatientProfile,
    medecinProfile: account.medecinProfile && { ...emptyMedecinProfile, isAvailable: false },
  };
}
