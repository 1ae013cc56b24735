export { commonConfig, migrationConfig, peerConfig, telemetryConfig, tlsConfig } from './common-config.ts';
export { ConfigError, loadConfig } from './load-config.ts';
export { readVersion } from './read-version.ts';
export { defineConfig, describeConfig } from './schema.ts';
export type { ConfigEntry, ConfigOf, ConfigRow, ConfigSchema } from './schema.ts';
