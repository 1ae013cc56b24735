import { commonConfig, defineConfig, loadConfig as load, peerConfig, type ConfigOf } from '@mediai/kit/config';

const { IA_GRPC, NOTIFICATIONS_GRPC } = peerConfig;

/** Configuration of the consultation service, as data. */
export const configSchema = {
  ...commonConfig,
  IA_GRPC,
  NOTIFICATIONS_GRPC,
  ...defineConfig({
    MEDIAI_PUBLIC_URL: { type: 'url', default: 'http://localhost:8000', description: 'Address at which people reach the suite: the links in messages and on printed documents, and the address that Twilio calls back. Required when MEDIAI_MODE=production.' },
    MEDIAI_URGENCE_TELEPHONE: { type: 'string', description: 'Emergency number of the default établissement, shown to patients; required when MEDIAI_MODE=production.' },
    CONSULTATION_FICHIERS_DIR: { type: 'string', description: 'Folder of the files (attachments, signatures, results, exports) on this machine; for one replica of consultation only, for no other would see them. This or S3_BUCKET is required.' },
    S3_BUCKET: { type: 'string', together: 'S3', description: 'Bucket of the files, in AWS or in a store that speaks S3, instead of a folder; for any number of replicas.' },
    S3_REGION: { type: 'string', together: 'S3', description: 'Region of the bucket; any word for a store that knows none.' },
    S3_ACCESS_KEY_ID: { type: 'string', together: 'S3', description: 'Key of the bucket: it must put, get, list and delete objects and multipart uploads.' },
    S3_SECRET_ACCESS_KEY: { type: 'string', together: 'S3', secret: true, description: 'Secret of that key.' },
    S3_ENDPOINT: { type: 'url', description: 'Address of a store that speaks S3 (MinIO, Ceph, Garage…); AWS without it.' },
    S3_PATH_STYLE: { type: 'bool', default: true, description: 'Whether the bucket is named in the path (most stores) or in the host (AWS).' },
    CLAMD_ADDRESS: { type: 'string', description: 'host:port of a clamd (ClamAV) that looks into every file before it is kept; while it is away no file is taken. Without it files are told by their bytes alone.' },
    MEDIAI_RESPONSABLE_CLINIQUE: { type: 'string', description: 'The clinician who signed this version of the triage rules; required when MEDIAI_MODE=production.' },
  }),
};

export type Config = ConfigOf<typeof configSchema>;

const { MEDIAI_MODE, LOG_LEVEL, DATABASE_URL } = configSchema;

/** Configuration of the seed: part of the service's. */
export const seedConfigSchema = { MEDIAI_MODE, LOG_LEVEL, DATABASE_URL };
export type SeedConfig = ConfigOf<typeof seedConfigSchema>;

const requiredInProduction = ['MEDIAI_PUBLIC_URL', 'MEDIAI_URGENCE_TELEPHONE', 'MEDIAI_RESPONSABLE_CLINIQUE'] as const;

/** Reads `env`; throws ConfigError naming every fault at once. */
export function loadConfig(env: Record<string, string | undefined>): Config {
  return load(configSchema, env, (config) => [
    ...(config.CLAMD_ADDRESS === undefined || /^(?:[\w.-]+|\[[\da-f:]+\]):\d{1,5}$/i.test(config.CLAMD_ADDRESS) ? [] : ['CLAMD_ADDRESS must be host:port']),
    ...(config.CONSULTATION_FICHIERS_DIR === undefined && config.S3_BUCKET === undefined ? ['CONSULTATION_FICHIERS_DIR or S3_BUCKET is required: files must lie somewhere'] : []),
    ...(config.MEDIAI_MODE === 'production' ? requiredInProduction.filter((name) => !env[name]?.trim()).map((name) => `${name} is required when MEDIAI_MODE=production`) : []),
  ]);
}

/** Configuration of the seed; every mode but demo and test is a fault. */
export function loadSeedConfig(env: Record<string, string | undefined>): SeedConfig {
  return load(seedConfigSchema, env, ({ MEDIAI_MODE: mode }) => (mode === 'production' ? ['MEDIAI_MODE must be demo or test: demonstration fiches are no real ones'] : []));
}
