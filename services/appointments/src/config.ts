import { commonConfig, defineConfig, loadConfig as load, peerConfig, type ConfigOf } from '@mediai/kit/config';

// Nothing is cached here.
const { REDIS_URL: _redis, ...common } = commonConfig;
const { CONSULTATION_GRPC } = peerConfig;

/** Configuration of the appointments service, as data. */
export const configSchema = { ...common, CONSULTATION_GRPC };

export type Config = ConfigOf<typeof configSchema>;

const { MEDIAI_MODE, LOG_LEVEL, DATABASE_URL, SERVICE_SECRET } = configSchema;

/** Configuration of the seed: part of the service's. */
export const seedConfigSchema = defineConfig({ MEDIAI_MODE, LOG_LEVEL, DATABASE_URL, SERVICE_SECRET });

export type SeedConfig = ConfigOf<typeof seedConfigSchema>;

/** Reads `env`; throws ConfigError naming every fault at once. */
export function loadConfig(env: Record<string, string | undefined>): Config {
  return load(configSchema, env);
}

/** Configuration of the seed; every mode but demo and test is a fault. */
export function loadSeedConfig(env: Record<string, string | undefined>): SeedConfig {
  return load(seedConfigSchema, env, ({ MEDIAI_MODE: mode }) => (mode === 'production' ? ['MEDIAI_MODE must be demo or test: the seed writes demonstration appointments'] : []));
}
