import { PrismaInstrumentation } from '@prisma/instrumentation';
import { createKafka, createKafkaProducer, createRelay } from '@mediai/events';
import { createTokenVerifier, type TokenVerifier } from '@mediai/kit/acteur';
import type { Checks } from '@mediai/kit/health';
import type { Logger } from '@mediai/kit/log';
import { createAccountStore } from './account/account-store.ts';
import { createPasswords } from './account/password-hash.ts';
import { createGetMe, createGetUsers } from './account/read-accounts.ts';
import { createRegisterAccount } from './account/register-account.ts';
import { readServiceSecrets, type Config, type SeedConfig } from './config.ts';
import { openDatabase } from './database-store.ts';
import { createSeedDemo } from './demo/seed-demo.ts';
import { createEnsureEtablissement } from './etablissement/ensure-etablissement.ts';
import { createEtablissementStore } from './etablissement/etablissement-store.ts';
import { defaultEtablissementId } from './etablissement/etablissement.ts';
import { createGetEtablissement } from './etablissement/get-etablissement.ts';
import { createKeyStore } from './key/key-store.ts';
import { createKeyring } from './key/keyring.ts';
import type { AuthMetrics } from './metrics.ts';
import type { UseCases } from './rpc.ts';
import { createAccessTokens, serviceTokenSeconds, tokenAudience, tokenIssuer } from './token/access-token.ts';
import { createGuessingStore } from './token/guessing-store.ts';
import { createIssueServiceToken } from './token/issue-service-token.ts';
import { createIssueToken } from './token/issue-token.ts';
import { createLogout } from './token/logout.ts';
import { createPurgeSessions } from './token/purge-sessions.ts';
import { createSessionStore } from './token/session-store.ts';
import { createUseRefreshToken } from './token/use-refresh-token.ts';
import { createVerifyToken } from './token/verify-token.ts';

export type Deps = {
  useCases: UseCases;
  verify: TokenVerifier;
  /** Makes what must exist before the first call: the default établissement and a signing key. */
  prepare: () => Promise<void>;
  /** Publishes the outbox until `close`. */
  startRelay: () => void;
  purge: () => Promise<number>;
  /** The database decides whether the service is ready; the broker only degrades it. */
  checks: Checks;
  close: () => Promise<void>;
};

type Options = { config: Config; log: Logger; metrics: AuthMetrics };

/** What traces SQL. */
export const createInstrumentations = (): PrismaInstrumentation[] => [new PrismaInstrumentation()];

/** The service wired together; nothing is connected until it is used. */
export async function createDeps({ config, log, metrics }: Options): Promise<Deps> {
  const clock = (): Date => new Date();
  const database = openDatabase(config.DATABASE_URL);
  const producer = createKafkaProducer(createKafka({ clientId: 'auth', brokers: config.KAFKA_BROKERS, log }));
  const relay = createRelay({ databaseUrl: config.DATABASE_URL, producer, log, metrics });
  const committed = (): void => relay.wake();

  const accounts = createAccountStore(database.db, committed);
  const etablissements = createEtablissementStore(database.db, committed);
  const sessions = createSessionStore(database.db);
  const passwords = await createPasswords();

  const accessSeconds = config.AUTH_ACCESS_SECONDS;
  const tokenLifeMs = Math.max(accessSeconds, serviceTokenSeconds) * 1000;
  const keyring = createKeyring({ keys: createKeyStore(database.db), secret: config.AUTH_KEY_SECRET, tokenLifeMs, clock });
  const accessTokens = createAccessTokens({ keyring, accessSeconds, clock });
  const verify = createTokenVerifier({ fetchJwks: async () => ({ keys: await keyring.publicKeys() }), issuer: tokenIssuer, audience: tokenAudience });
  const session = { accounts, passwords, sessions, accessTokens, refreshSeconds: config.AUTH_REFRESH_SECONDS, clock };
  const ensureEtablissement = createEnsureEtablissement({ etablissements, ...etablissementSettings(config) });

  return {
    useCases: {
      registerAccount: createRegisterAccount({ accounts, passwords, medecinApproval: config.AUTH_MEDECIN_APPROVAL, etablissementId: defaultEtablissementId, clock }),
      getMe: createGetMe({ accounts }),
      getUsers: createGetUsers({ accounts }),
      issueToken: createIssueToken({ ...session, guessing: createGuessingStore(database.db), counted: (outcome) => metrics.logins.inc({ outcome }) }),
      issueServiceToken: createIssueServiceToken({ accessTokens, secrets: readServiceSecrets(config.AUTH_SERVICE_SECRETS) }),
      useRefreshToken: createUseRefreshToken({ ...session, counted: (verdict) => metrics.refreshes.inc({ verdict }) }),
      verifyToken: createVerifyToken({ verifyAccess: verify, accounts, sessions, clock }),
      logout: createLogout({ sessions, clock }),
      publicKeys: keyring.publicKeys,
      getEtablissement: createGetEtablissement({ etablissements }),
    },
    verify,
    async prepare() {
      await ensureEtablissement();
      await keyring.ensure();
    },
    startRelay: relay.start,
    purge: createPurgeSessions({ sessions, clock }),
    checks: { database: () => database.ping().then(() => 'ok' as const), kafka: relay.check },
    async close() {
      await relay.stop();
      await database.close();
    },
  };
}

/** What the seed needs, wired to the database alone: the running service publishes the events it leaves. */
export async function createSeed(config: SeedConfig) {
  const database = openDatabase(config.DATABASE_URL);
  const published = (): void => undefined;
  const accounts = createAccountStore(database.db, published);
  const ensureEtablissement = createEnsureEtablissement({ etablissements: createEtablissementStore(database.db, published), ...etablissementSettings(config) });
  const seedDemo = createSeedDemo({ accounts, passwords: await createPasswords(), password: config.MEDIAI_DEMO_PASSWORD, clock: () => new Date() });
  return { ensureEtablissement, seedDemo, close: database.close };
}

function etablissementSettings(config: Pick<Config, 'MEDIAI_MODE' | 'MEDIAI_URGENCE_TELEPHONE' | 'MEDIAI_CONSENTEMENT_IA'>) {
  return { isDemo: config.MEDIAI_MODE !== 'production', telephoneUrgence: config.MEDIAI_URGENCE_TELEPHONE ?? null, consentementIa: config.MEDIAI_CONSENTEMENT_IA ?? ('presume' as const) };
}
