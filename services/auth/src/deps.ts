import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { createKafka, createKafkaProducer, createRelay, pruneIdempotence, readOutboxGauges } from '@mediai/events';
import { createSchemaCheck } from '@mediai/db';
import { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import { createTokenVerifier, type TokenVerifier } from '@mediai/kit/acteur';
import { createCache, createSealedCache, type SealedCache } from '@mediai/kit/cache';
import { connect, type GrpcTls } from '@mediai/kit/grpc';
import type { Checks } from '@mediai/kit/health';
import type { Logger } from '@mediai/kit/log';
import { createGaugeReader } from '@mediai/kit/metrics';
import { createAccountChangeStore } from './account/account-change-store.ts';
import { createAccountListStore } from './annuaire/account-list-store.ts';
import type { AccountUseCases } from './account/account-rpc.ts';
import { createAccountStore } from './account/account-store.ts';
import { createApproveUser } from './account/approve-user.ts';
import { createCreateUser } from './account/create-user.ts';
import { createDeleteUser } from './account/delete-user.ts';
import { createListPatients, createListUsers, createListUsersCourts } from './annuaire/list-accounts.ts';
import { createPasswords, type Passwords } from './account/password-hash.ts';
import { createGetMe, createGetUser, createGetUserCourt, createGetUsers } from './account/read-accounts.ts';
import { createMedecinsEnCache } from './annuaire/medecins-cache.ts';
import { createGetMedecin, createListMedecins } from './annuaire/read-medecins.ts';
import { createRegisterAccount } from './inscription/register-account.ts';
import { createUpdateUser } from './account/update-user.ts';
import { createAuditRefusals } from './audit/audit-refusals.ts';
import { createAuditStore } from './audit/audit-store.ts';
import { etablissementSettings, readServiceSecrets, type Config } from './config.ts';
import type { ConsentementUseCases } from './consentement/consentement-rpc.ts';
import { createConsentementStore } from './consentement/consentement-store.ts';
import { createGetConsentement, createGiveConsentement, createListConsentements, createWithdrawConsentement } from './consentement/consentements.ts';
import { openDatabase, type Database } from './database-store.ts';
import { createCreateEtablissement, createDeleteEtablissement, createUpdateEtablissement } from './etablissement/change-etablissement.ts';
import { createEnsureEtablissement } from './etablissement/ensure-etablissement.ts';
import type { EtablissementUseCases } from './etablissement/etablissement-rpc.ts';
import { createEtablissementStore, type EtablissementStore } from './etablissement/etablissement-store.ts';
import { defaultEtablissementId } from './etablissement/etablissement.ts';
import { createGetEtablissement, createListEtablissements } from './etablissement/get-etablissement.ts';
import { createRunOnce, type RunOnce } from './idempotence/idempotence-store.ts';
import { createKeyStore } from './key/key-store.ts';
import { createKeyring } from './key/keyring.ts';
import { createPurgeKeys, createRotateKeysWhenDue } from './key/rotate-keys.ts';
import type { AuthMetrics } from './metrics.ts';
import { createChangePassword } from './password/change-password.ts';
import { createSendCode } from './password/code-client.ts';
import { createCodeCourier } from './password/code-courier.ts';
import { createConfirmReset } from './password/confirm-reset.ts';
import { createPasswordStore } from './password/password-store.ts';
import { createRequestReset } from './password/request-reset.ts';
import { createResetCodes } from './password/reset-code.ts';
import type { UseCases } from './rpc.ts';
import { createAccessTokens, longestAccessSeconds, tokenAudience, tokenIssuer } from './token/access-token.ts';
import { createCloseSessionStore } from './token/close-session-store.ts';
import { createGuessingStore } from './token/guessing-store.ts';
import { createIssueServiceToken } from './token/issue-service-token.ts';
import { createIssueToken } from './token/issue-token.ts';
import { createFindRevocations, createListRevocations } from './token/list-revocations.ts';
import { createLogout } from './token/logout.ts';
import { createPurgeSessions } from './token/purge-sessions.ts';
import { createReadActive } from './token/revocations-store.ts';
import { createSessionStore } from './token/session-store.ts';
import type { TokenUseCases } from './token/token-rpc.ts';
import { createUseRefreshToken } from './token/use-refresh-token.ts';
import { createVerifyToken } from './token/verify-token.ts';

export type Deps = {
  useCases: UseCases;
  verify: TokenVerifier;
  /** Makes what must exist before the first call: the default établissement and a signing key. */
  prepare: () => Promise<void>;
  /** Publishes the outbox and reads gauges until `close`. */
  startWork: () => void;
  /** Deletes what means nothing any more; returns how many rows. */
  purge: () => Promise<number>;
  /** Makes a new signing key when the calendar says so; returns whether it did. */
  rotateKeysWhenDue: () => Promise<boolean>;
  /** The database and its schema decide whether the service is ready; the broker only degrades it. */
  checks: Checks;
  close: () => Promise<void>;
};

/** The migrations that this version carries. */
const migrationsDir = join(import.meta.dirname, '../prisma/migrations');

/** A key of its own for each use, from the one secret of this service. */
const keyFor = (secret: string, use: string): string => createHmac('sha256', secret).update(`auth:${use}`).digest('base64url');

/** How long the dearest of Django's hashes is remembered. */
const djangoIterationsMs = 10 * 60_000;

type Options = { config: Config; log: Logger; metrics: AuthMetrics; tls?: GrpcTls | undefined };

/** The service wired together; nothing is connected until it is used. */
export async function createDeps({ config, log, metrics, tls }: Options): Promise<Deps> {
  const clock = (): Date => new Date();
  const database = openDatabase(config.DATABASE_URL, metrics);
  const cache = createCache({ url: config.REDIS_URL, log, metrics });
  const producer = createKafkaProducer(createKafka({ clientId: 'auth', brokers: config.KAFKA_BROKERS, log }));
  const relay = createRelay({ databaseUrl: config.DATABASE_URL, producer, log, metrics });
  const committed = (): void => relay.wake();

  const runOnce = createRunOnce(keyFor(config.AUTH_KEY_SECRET, 'idempotence'));
  const accounts = createAccountStore(database.db, committed, runOnce);
  const etablissements = createEtablissementStore(database.db, committed, runOnce);
  const sessions = { ...createSessionStore(database.db), ...createCloseSessionStore(database.db, runOnce) };
  const guessing = createGuessingStore(database.db);
  const passwordStore = createPasswordStore(database.db, clock);
  const passwords = await createPasswords({ djangoIterations: remembered(djangoIterationsMs, passwordStore.mostDjangoIterations) });

  const keys = { keys: createKeyStore(database.db), secret: config.AUTH_KEY_SECRET, tokenLifeMs: longestAccessSeconds * 1000, clock };
  const keyring = createKeyring(keys);
  const accessTokens = createAccessTokens({ keyring, accessSeconds: config.AUTH_ACCESS_SECONDS, clock });
  const fetchRevocations = createFindRevocations({ sessions, clock });
  const verify = createTokenVerifier({ fetchJwks: async () => ({ keys: await keyring.publicKeys() }), fetchRevocations, issuer: tokenIssuer, audience: tokenAudience });
  const session = { accounts, passwords, guessing, sessions, accessTokens, refreshSeconds: config.AUTH_REFRESH_SECONDS, clock };

  const notifications = connect(NotificationsService, { address: config.NOTIFICATIONS_GRPC, tls, log, metrics });
  const send = createSendCode(notifications, () => accessTokens.forService('auth'));
  const courier = createCodeCourier({ send, counted: (outcome) => metrics.resetCodes.inc({ outcome }), log, clock });
  const reset = { store: passwordStore, codes: createResetCodes(config.AUTH_KEY_SECRET), passwords, guessing, post: courier.post, clock };
  const ensureEtablissement = createEnsureEtablissement({ etablissements, ...etablissementSettings(config) });
  const purges = [createPurgeSessions({ sessions, guessing, codes: passwordStore, clock }), createPurgeKeys(keys), () => pruneIdempotence(database.db)];

  const readKeyAge = async (): Promise<void> => metrics.signingKeyAge.set((clock().getTime() - (await keyring.signingKey()).signsFrom.getTime()) / 1_000);
  metrics.signingKeyMaxAge.set(config.AUTH_KEY_ROTATION_DAYS * 86_400);
  const gauges = createGaugeReader({ reads: [readOutboxGauges(database.db, metrics), createReadActive(database.db, metrics, clock), readKeyAge], log });

  return {
    useCases: {
      ...accountUseCases({ database, cache: createSealedCache({ cache, secret: keyFor(config.AUTH_KEY_SECRET, 'cache'), scope: config.DATABASE_URL }), committed, runOnce, passwords, medecinApproval: config.AUTH_MEDECIN_APPROVAL, clock }),
      ...etablissementUseCases(database, etablissements, config, clock),
      ...consentementUseCases({ database, runOnce, clock }),
      ...tokenUseCases({ session, verify, fetchRevocations, config, metrics }),
      publicKeys: keyring.publicKeys,
      changePassword: createChangePassword({ ...session, store: passwordStore }),
      requestReset: createRequestReset(reset),
      confirmReset: createConfirmReset(reset),
    },
    verify,
    async prepare() {
      await ensureEtablissement();
      await keyring.ensure();
    },
    startWork() {
      relay.start();
      gauges.start();
    },
    async purge() {
      let rows = 0;
      for (const purge of purges) rows += await purge();
      return rows;
    },
    rotateKeysWhenDue: createRotateKeysWhenDue({ ...keys, days: config.AUTH_KEY_ROTATION_DAYS }),
    checks: {
      database: () => database.ping().then(() => 'ok' as const),
      schema: createSchemaCheck({ db: database.db, migrationsDir }),
      kafka: relay.check,
      redis: async () => (cache.state() === 'ok' ? 'ok' : 'degraded'),
    },
    async close() {
      await Promise.all([relay.stop(), courier.close(), gauges.stop()]);
      notifications.close();
      await cache.close();
      await database.close();
    },
  };
}

type Session = Parameters<typeof createIssueToken>[0] & Parameters<typeof createUseRefreshToken>[0] & Parameters<typeof createVerifyToken>[0] & Parameters<typeof createLogout>[0];
type TokenParts = Pick<Options, 'config' | 'metrics'> & { session: Omit<Session, 'counted' | 'verifyAccess'>; verify: TokenVerifier; fetchRevocations: ReturnType<typeof createFindRevocations> };

function tokenUseCases({ session, verify, fetchRevocations, config, metrics }: TokenParts): TokenUseCases {
  return {
    issueToken: createIssueToken({ ...session, counted: (outcome) => metrics.logins.inc({ outcome }) }),
    issueServiceToken: createIssueServiceToken({ ...session, secrets: readServiceSecrets(config.AUTH_SERVICE_SECRETS) }),
    useRefreshToken: createUseRefreshToken({ ...session, counted: (verdict) => metrics.refreshes.inc({ verdict }) }),
    verifyToken: createVerifyToken({ ...session, verifyAccess: verify }),
    logout: createLogout(session),
    listRevocations: createListRevocations(fetchRevocations),
  };
}

type Clock = () => Date;
type AccountParts = { database: Database; cache: SealedCache; committed: () => void; runOnce: RunOnce; passwords: Passwords; medecinApproval: Config['AUTH_MEDECIN_APPROVAL']; clock: Clock };

function accountUseCases({ database: { db }, cache, committed, runOnce, passwords, medecinApproval, clock }: AccountParts): AccountUseCases {
  const one = { accounts: createAccountStore(db, committed, runOnce), passwords, clock };
  const list = { accounts: createAccountListStore(db) };
  const change = { accounts: createAccountChangeStore(db, committed, runOnce, clock), clock };
  const audited = createAuditRefusals(createAuditStore(db).note);
  return {
    registerAccount: createRegisterAccount({ ...one, medecinApproval, etablissementId: defaultEtablissementId }),
    getMe: createGetMe(one),
    getUsers: createGetUsers(one),
    getUser: createGetUser(one),
    getUserCourt: createGetUserCourt(one),
    getMedecin: createGetMedecin(one),
    listUsers: createListUsers(list),
    listUsersCourts: createListUsersCourts(list),
    listPatients: createListPatients(list),
    listMedecins: createListMedecins({ ...list, enCache: createMedecinsEnCache({ ...list, cache }) }),
    createUser: audited('compte.creation', 'users', createCreateUser(one)),
    updateUser: audited('compte.modification', 'users', createUpdateUser(change)),
    deleteUser: audited('compte.suppression', 'users', createDeleteUser(change)),
    approveUser: audited('compte.approbation', 'users', createApproveUser(change)),
  };
}

function etablissementUseCases({ db }: Database, etablissements: EtablissementStore, config: Config, clock: Clock): EtablissementUseCases {
  const audited = createAuditRefusals(createAuditStore(db).note);
  return {
    getEtablissement: createGetEtablissement({ etablissements }),
    listEtablissements: createListEtablissements({ etablissements }),
    createEtablissement: audited('etablissement.creation', 'etablissement', createCreateEtablissement({ etablissements, ...etablissementSettings(config) })),
    updateEtablissement: audited('etablissement.modification', 'etablissement', createUpdateEtablissement({ etablissements })),
    deleteEtablissement: audited('etablissement.suppression', 'etablissement', createDeleteEtablissement({ etablissements, clock })),
  };
}

function consentementUseCases({ database, runOnce, clock }: Pick<AccountParts, 'database' | 'runOnce' | 'clock'>): ConsentementUseCases {
  const needs = { consentements: createConsentementStore(database.db, runOnce), clock };
  return {
    listConsentements: createListConsentements(needs),
    giveConsentement: createGiveConsentement(needs),
    withdrawConsentement: createWithdrawConsentement(needs),
    getConsentement: createGetConsentement(needs),
  };
}

/** The same question, asked again once the answer is `forMs` old. */
function remembered<T>(forMs: number, ask: () => Promise<T>): () => Promise<T> {
  let held: { answer: Promise<T>; untilMs: number } | undefined;
  return () => {
    if (held && performance.now() < held.untilMs) return held.answer;
    const answer = ask();
    held = { answer, untilMs: performance.now() + forMs };
    answer.catch(() => (held = undefined));
    return answer;
  };
}
