import type { AccountStore } from '../account/account-store.ts';
import { emptyMedecinProfile, emptyPatientProfile, type Account, type NewAccount } from '../account/account.ts';
import type { Passwords } from '../account/password-hash.ts';
import { acteDuService, type Acte } from '../audit/acte.ts';
import { defaultEtablissementId } from '../etablissement/etablissement.ts';

type Needs = { accounts: Pick<AccountStore, 'create' | 'findAccounts' | 'findCredentials' | 'changePassword'>; passwords: Passwords; password: string; clock: () => Date };
type DemoAccount = Omit<NewAccount, 'passwordHash' | 'dateJoined'> & { id: number };

const common = { isActive: true, isStaff: false, isSuperuser: false, etablissementId: defaultEtablissementId, patientProfile: null, medecinProfile: null };
const medecinProfile = { ...emptyMedecinProfile, isApproved: true };

/** The demonstration accounts; other services' demonstration data name them by id. */
export const demoAccounts: DemoAccount[] = [
  {
    ...common, id: 1, username: 'patient.demo', firstName: 'Mwamba', lastName: 'Kalonji', email: 'patient.demo@example.org', phone: '+243812345601', role: 'patient',
    patientProfile: { ...emptyPatientProfile, dateOfBirth: '1988-04-12', phoneNumber: '+243812345601', address: 'Avenue Kasaï, Kampemba, Lubumbashi' },
  },
  {
    ...common, id: 2, username: 'medecin.demo', firstName: 'Ilunga', lastName: 'Kabongo', email: 'medecin.demo@example.org', phone: '+243812345602', role: 'medecin',
    medecinProfile: { ...medecinProfile, specialty: 'Médecine interne' },
  },
  {
    ...common, id: 3, username: 'admin.demo', firstName: 'Chantal', lastName: 'Mutombo', email: 'admin.demo@example.org', phone: '+243812345603', role: 'medecin', isStaff: true,
    medecinProfile: { ...medecinProfile, specialty: 'Santé publique', isAvailable: false },
  },
  {
    ...common, id: 4, username: 'superuser.demo', firstName: 'Prosper', lastName: 'Ngoie', email: 'superuser.demo@example.org', phone: '+243812345604', role: 'medecin', isStaff: true, isSuperuser: true,
    medecinProfile: { ...medecinProfile, specialty: 'Informatique médicale', isAvailable: false },
  },
];

/** Makes the demonstration accounts that are missing and gives the others the demonstration password again. Returns the ids made. */
export function createSeedDemo({ accounts, passwords, password, clock }: Needs) {
  return async (): Promise<number[]> => {
    const made: number[] = [];
    for (const demo of demoAccounts) {
      const [present] = await accounts.findAccounts([demo.id]); // one that was deleted stays so
      if (present) await keepPassword(present);
      else made.push((await createAccount(demo)).id);
    }
    return made;
  };

  async function createAccount(demo: DemoAccount): Promise<Account> {
    const outcome = await accounts.create({ ...demo, dateJoined: clock(), passwordHash: await passwords.hash(password) }, (account) => acte(account, 'compte.demonstration'));
    if ('taken' in outcome) throw new Error(`Demonstration account ${demo.id}: its ${outcome.taken} belongs to another account.`);
    if ('replayed' in outcome) throw new Error('A demonstration account has no idempotency key.');
    return outcome.done;
  }

  async function keepPassword(account: Account): Promise<void> {
    const found = await accounts.findCredentials(account.username);
    if (found && (await passwords.matches(password, found.passwordHash))) return;
    await accounts.changePassword(account.id, await passwords.hash(password), acte(account, 'compte.mot_de_passe'));
  }
}

function acte({ id, etablissementId }: Account, action: string): Acte {
  return acteDuService({ action, objetType: 'users', objetId: String(id), etablissementId });
}
