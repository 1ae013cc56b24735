export { commonConfig, migrationConfig, peerConfig, tlsConfig } from './common-config.ts';
export { ConfigError, loadConfig } from './load-config.ts';
export { defineConfig, describeConfig } from './schema.ts';
export type { ConfigEntry, ConfigOf, ConfigRow, ConfigSchema } from './schema.ts';
