import { commonConfig, defineConfig, loadConfig as load, peerConfig, type ConfigOf } from '@mediai/kit/config';
import { longestAccessSeconds } from './token/access-token.ts';

// Auth has its own keys and tokens: no address of itself, no secret to obtain a token.
const { AUTH_GRPC: _grpc, SERVICE_SECRET: _secret, ...common } = commonConfig;

/** Configuration of the auth service, as data. */
export const configSchema = {
  ...common,
  ...defineConfig({
    NOTIFICATIONS_GRPC: peerConfig.NOTIFICATIONS_GRPC,
    AUTH_KEY_SECRET: { type: 'string', required: true, secret: true, minLength: 32, description: 'What private signing keys are encrypted with at rest, reset codes and request bodies hashed with; losing it means new keys (`npm run admin -- rotate-keys --now`) and new logins.' },
    AUTH_SERVICE_SECRETS: { type: 'list', required: true, secret: true, description: "Each service's secret, `service=secret` (16 characters or more), comma-separated; the same as that service's SERVICE_SECRET. A service may stand here twice while its secret changes: both are taken." },
    AUTH_ACCESS_SECONDS: { type: 'int', default: 7_200, min: 60, max: longestAccessSeconds, description: 'Life of an access token, in seconds.' },
    AUTH_REFRESH_SECONDS: { type: 'int', default: 604_800, min: 300, max: 7_776_000, description: 'Life of a refresh token, in seconds.' },
    AUTH_KEY_ROTATION_DAYS: { type: 'int', default: 90, min: 0, max: 3_650, description: 'Days for which a signing key signs before the next one takes over; 0: only by `npm run admin -- rotate-keys`.' },
    AUTH_MEDECIN_APPROVAL: { type: 'enum', values: ['manual', 'auto'], default: 'manual', description: "Whether a médecin's account waits for an admin (manual) or is open at once (auto)." },
    MEDIAI_URGENCE_TELEPHONE: { type: 'string', description: "Emergency number of the default établissement, shown to patients; required when MEDIAI_MODE=production." },
    MEDIAI_RESPONSABLE_CLINIQUE: { type: 'string', description: 'The clinician who signed this version of the triage rules; required when MEDIAI_MODE=production.' },
    MEDIAI_CONSENTEMENT_IA: { type: 'enum', values: ['presume', 'explicite'], description: 'Whether the default établissement presumes consent to AI analysis; presume unless set, must be chosen when MEDIAI_MODE=production.' },
  }),
};

export type Config = ConfigOf<typeof configSchema>;

const { MEDIAI_MODE, LOG_LEVEL, DATABASE_URL, AUTH_KEY_SECRET, MEDIAI_URGENCE_TELEPHONE, MEDIAI_CONSENTEMENT_IA } = configSchema;

/** Configuration of the seed: part of the service's, and the password. */
export const seedConfigSchema = {
  MEDIAI_MODE, LOG_LEVEL, DATABASE_URL, MEDIAI_URGENCE_TELEPHONE, MEDIAI_CONSENTEMENT_IA,
  ...defineConfig({
    MEDIAI_DEMO_PASSWORD: { type: 'string', default: 'demo-mediai', secret: true, minLength: 8, description: 'Password of the demonstration accounts.' },
  }),
};

export type SeedConfig = ConfigOf<typeof seedConfigSchema>;

/** Configuration of the command that makes a superuser: what decides about the établissement, too. */
export const accountAdminConfigSchema = { MEDIAI_MODE, DATABASE_URL, MEDIAI_URGENCE_TELEPHONE, MEDIAI_CONSENTEMENT_IA };

/** Configuration of the command that makes keys. */
export const keyAdminConfigSchema = { DATABASE_URL, AUTH_KEY_SECRET };

export type AccountAdminConfig = ConfigOf<typeof accountAdminConfigSchema>;
export type KeyAdminConfig = ConfigOf<typeof keyAdminConfigSchema>;

const requiredInProduction = ['MEDIAI_URGENCE_TELEPHONE', 'MEDIAI_RESPONSABLE_CLINIQUE', 'MEDIAI_CONSENTEMENT_IA'] as const;
const minServiceSecretLength = 16;

/** Reads `env`; throws ConfigError naming every fault at once. */
export function loadConfig(env: Record<string, string | undefined>): Config {
  return load(configSchema, env, check);
}

/** Configuration of the seed; every mode but demo and test is a fault. */
export function loadSeedConfig(env: Record<string, string | undefined>): SeedConfig {
  return load(seedConfigSchema, env, ({ MEDIAI_MODE: mode }) =>
    mode === 'production' ? ['MEDIAI_MODE must be demo or test: demonstration accounts have a public password'] : []);
}

/** Configuration of the command that makes a superuser. */
export function loadAccountAdminConfig(env: Record<string, string | undefined>): AccountAdminConfig {
  return load(accountAdminConfigSchema, env, (config) => requiredFor(config, ['MEDIAI_URGENCE_TELEPHONE', 'MEDIAI_CONSENTEMENT_IA']));
}

/** Configuration of the command that makes keys. */
export function loadKeyAdminConfig(env: Record<string, string | undefined>): KeyAdminConfig {
  return load(keyAdminConfigSchema, env);
}

/** What the default établissement, and one of which nothing is said, are made with. */
export function etablissementSettings(config: Pick<Config, 'MEDIAI_MODE' | 'MEDIAI_URGENCE_TELEPHONE' | 'MEDIAI_CONSENTEMENT_IA'>) {
  return { isDemo: config.MEDIAI_MODE !== 'production', telephoneUrgence: config.MEDIAI_URGENCE_TELEPHONE ?? null, consentementIa: config.MEDIAI_CONSENTEMENT_IA ?? ('presume' as const) };
}

/** Secrets by service name, each of them good; throws for an entry that is no `service=secret`. */
export function readServiceSecrets(entries: string[]): Map<string, string[]> {
  const secrets = new Map<string, string[]>();
  for (const entry of entries) {
    const [, name, secret] = /^([a-z][a-z0-9-]{0,40})=(.+)$/s.exec(entry) ?? [];
    if (!name || !secret || secret.length < minServiceSecretLength) throw new Error('malformed service secret');
    secrets.set(name, [...(secrets.get(name) ?? []), secret]);
  }
  return secrets;
}

function check(config: Config): string[] {
  const faults: string[] = [];
  try {
    readServiceSecrets(config.AUTH_SERVICE_SECRETS);
  } catch {
    faults.push(`AUTH_SERVICE_SECRETS must be a list of service=secret, each secret of at least ${minServiceSecretLength} characters`);
  }
  if (config.AUTH_REFRESH_SECONDS <= config.AUTH_ACCESS_SECONDS) faults.push('AUTH_REFRESH_SECONDS must be greater than AUTH_ACCESS_SECONDS');
  return [...faults, ...requiredFor(config, requiredInProduction)];
}

function requiredFor<N extends string>(config: { MEDIAI_MODE: string } & Partial<Record<N, unknown>>, names: readonly N[]): string[] {
  return config.MEDIAI_MODE === 'production' ? names.filter((name) => !config[name]).map((name) => `${name} is required when MEDIAI_MODE=production`) : [];
}
