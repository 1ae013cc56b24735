import { invalid } from '@mediai/kit/errors';
import { invalidAccount, readPassword, readUsername, refuseFaultyAccount, takenFaults } from '../account/account-fields.ts';
import type { AccountListStore } from '../annuaire/account-list-store.ts';
import type { AccountStore } from '../account/account-store.ts';
import { emptyMedecinProfile, type Account } from '../account/account.ts';
import type { Passwords } from '../account/password-hash.ts';
import { acteDuService, type Acte } from '../audit/acte.ts';
import { readEtablissementForm } from '../etablissement/etablissement-form.ts';
import type { EtablissementStore } from '../etablissement/etablissement-store.ts';
import { defaultNom, type Etablissement } from '../etablissement/etablissement.ts';

export type SuperuserForm = { username: string; password: string; /** Name of an établissement; the default one when absent. */ etablissement?: string };

type Needs = {
  accounts: Pick<AccountStore, 'create' | 'findCredentials'> & AccountListStore;
  etablissements: Pick<EtablissementStore, 'all' | 'change' | 'create'>;
  /** Makes the default établissement when it is missing. */
  ensureEtablissement: () => Promise<Etablissement>;
  passwords: Pick<Passwords, 'hash'>;
  clock: () => Date;
};

/**
 * A superuser who is not asked for by anyone logged in: the first one. The établissement is the one of that name; while the
 * default one has neither a name of its own nor accounts it takes the name, else another is made. Throws `invalid` naming
 * every faulty field (`username, password, nom`), before anything is written.
 */
export function createCreateSuperuser({ accounts, etablissements, ensureEtablissement, passwords, clock }: Needs) {
  return async ({ username: typedUsername, password: typedPassword, etablissement: nom }: SuperuserForm): Promise<{ account: Account; etablissement: Etablissement }> => {
    const username = readUsername(typedUsername);
    const password = readPassword(typedPassword);
    refuseFaultyAccount({ username, password });
    const wanted = nom === undefined ? undefined : (readEtablissementForm({ nom }, true).nom as string);
    if (await accounts.findCredentials(username.value)) throw invalid(takenFaults.username, invalidAccount);
    const passwordHash = await passwords.hash(password.value);
    const etablissement = await settle(await ensureEtablissement(), wanted);
    const outcome = await accounts.create(
      {
        username: username.value, passwordHash, firstName: '', lastName: '', email: null, phone: null, role: 'medecin', isActive: true, isStaff: true, isSuperuser: true, dateJoined: clock(),
        etablissementId: etablissement.id, patientProfile: null, medecinProfile: { ...emptyMedecinProfile, isApproved: true, isAvailable: false },
      },
      ({ id }) => acte('compte.creation', 'users', id, etablissement.id),
    );
    if ('taken' in outcome) throw invalid(takenFaults[outcome.taken], invalidAccount);
    if ('replayed' in outcome) throw new Error('A command has no idempotency key.');
    return { account: outcome.done, etablissement };
  };

  async function settle(byDefault: Etablissement, nom: string | undefined): Promise<Etablissement> {
    if (nom === undefined) return byDefault;
    const known = (await etablissements.all()).find((one) => one.nom.toLowerCase() === nom.toLowerCase());
    if (known) return known;
    const { count } = await accounts.list({ etablissementId: byDefault.id, ordre: 'recent', page: 1, pageSize: 1 });
    const renamed = byDefault.nom === defaultNom && count === 0
      ? await etablissements.change(byDefault.id, (present) => ({ etablissement: { ...present, nom }, acte: acte('etablissement.modification', 'etablissement', byDefault.id, byDefault.id) }))
      : undefined;
    if (renamed) return renamed;
    const { fuseau, telephoneUrgence, consentementIa, textes, demo } = byDefault;
    const made = await etablissements.create({ nom, fuseau, telephoneUrgence, consentementIa, textes, demo }, ({ id }) => acte('etablissement.creation', 'etablissement', id, id));
    if ('replayed' in made) throw new Error('A command has no idempotency key.');
    return made.done;
  }
}

function acte(action: string, objetType: Acte['objetType'], id: number, etablissementId: number): Acte {
  return acteDuService({ action, objetType, objetId: String(id), etablissementId, raison: 'commande' });
}
