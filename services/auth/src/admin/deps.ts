import { createAccountStore } from '../account/account-store.ts';
import { createPasswords } from '../account/password-hash.ts';
import { createAccountListStore } from '../annuaire/account-list-store.ts';
import { etablissementSettings, type AccountAdminConfig, type KeyAdminConfig, type SeedConfig } from '../config.ts';
import { openDatabase } from '../database-store.ts';
import { createSeedDemo } from '../demo/seed-demo.ts';
import { createEnsureEtablissement } from '../etablissement/ensure-etablissement.ts';
import { createEtablissementStore } from '../etablissement/etablissement-store.ts';
import { createRunOnce } from '../idempotence/idempotence-store.ts';
import { createKeyStore } from '../key/key-store.ts';
import { createReplaceKeys, createRotateKeys } from '../key/rotate-keys.ts';
import { createCreateSuperuser } from './create-superuser.ts';
import type { AccountAdmin, KeyAdmin } from './run-command.ts';

/** What the seed needs, wired to the database alone: the running service publishes the events it leaves. */
export async function createSeed(config: SeedConfig) {
  const database = openDatabase(config.DATABASE_URL);
  const published = (): void => undefined;
  const runOnce = createRunOnce(''); // nothing here carries a key
  const accounts = createAccountStore(database.db, published, runOnce);
  const ensureEtablissement = createEnsureEtablissement({ etablissements: createEtablissementStore(database.db, published, runOnce), ...etablissementSettings(config) });
  const seedDemo = createSeedDemo({ accounts, passwords: await createPasswords(), password: config.MEDIAI_DEMO_PASSWORD, clock: () => new Date() });
  return { ensureEtablissement, seedDemo, close: database.close };
}

/** What makes a superuser, wired to the database alone: the running service publishes the events it leaves. */
export async function createAccountAdmin(config: AccountAdminConfig): Promise<AccountAdmin> {
  const { db, close } = openDatabase(config.DATABASE_URL);
  const published = (): void => undefined;
  const runOnce = createRunOnce(''); // nothing here carries a key
  const etablissements = createEtablissementStore(db, published, runOnce);
  const accounts = { ...createAccountStore(db, published, runOnce), ...createAccountListStore(db) };
  const ensureEtablissement = createEnsureEtablissement({ etablissements, ...etablissementSettings(config) });
  return { createSuperuser: createCreateSuperuser({ accounts, etablissements, ensureEtablissement, passwords: await createPasswords(), clock: () => new Date() }), close };
}

/** What makes keys by command, wired to the database alone. */
export async function createKeyAdmin(config: KeyAdminConfig): Promise<KeyAdmin> {
  const { db, close } = openDatabase(config.DATABASE_URL);
  const keys = { keys: createKeyStore(db), secret: config.AUTH_KEY_SECRET, clock: () => new Date() };
  return { rotateKeys: createRotateKeys(keys), replaceKeys: createReplaceKeys(keys), close };
}
