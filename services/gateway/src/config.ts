import { isIP } from 'node:net';
import { commonConfig, defineConfig, loadConfig as load, peerConfig, telemetryConfig, tlsConfig, type ConfigOf } from '@mediai/kit/config';
import { rateFaults, throttleConfig } from './throttle/scopes.ts';

const { MEDIAI_MODE, LOG_LEVEL, INTERNAL_HOST, INTERNAL_PORT, REDIS_URL, AUTH_GRPC } = commonConfig;

/** Configuration of the gateway, as data. */
export const configSchema = defineConfig({
  MEDIAI_MODE,
  LOG_LEVEL,
  MEDIAI_HOST: { type: 'string', description: 'Address the gateway listens on; by default this machine only in demo and test, every address in production.' },
  GATEWAY_PORT: { type: 'int', min: 0, max: 65_535, default: 8000, description: 'Port of the REST API.' },
  INTERNAL_HOST,
  INTERNAL_PORT,
  AUTH_GRPC,
  ...peerConfig,
  ...tlsConfig,
  GATEWAY_CORS_ORIGINS: {
    type: 'list',
    default: ['http://localhost:5173', 'http://localhost:4173', 'http://localhost:3000'],
    description: 'Origins whose pages may call the API with credentials.',
  },
  GATEWAY_TRUSTED_PROXIES: { type: 'list', description: "Addresses or networks of proxies whose X-Forwarded-* headers are believed; without it the peer's own address counts." },
  GATEWAY_DEADLINE_MS: { type: 'int', min: 100, max: 60_000, default: 10_000, description: 'Most milliseconds that a call to a service may take.' },
  REDIS_URL,
  ...throttleConfig,
  SANDBOX_URL: { type: 'url', description: 'Sandbox whose inbox the start page shows; demo and test only.' },
  MEDIAI_DEMO_PASSWORD: { type: 'string', secret: true, default: 'demo-mediai', description: 'Password of the demonstration accounts, shown on the start page in demo.' },
  ...telemetryConfig,
});

export type Config = ConfigOf<typeof configSchema>;

/**
 * Read the gateway's configuration.
 * @throws ConfigError naming every fault at once
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  return load(configSchema, env, (config) => {
    const isProduction = config.MEDIAI_MODE === 'production';
    return [
      ...(isProduction && config.SANDBOX_URL ? ['SANDBOX_URL is refused in production'] : []),
      ...(isProduction && config.MEDIAI_THROTTLES === 'off' ? ['MEDIAI_THROTTLES=off is refused in production'] : []),
      ...rateFaults(config),
      ...(config.GATEWAY_TRUSTED_PROXIES ?? []).filter((proxy) => !isNetwork(proxy)).map((proxy) => `GATEWAY_TRUSTED_PROXIES must be addresses or networks, as 10.0.0.0/8, not "${proxy}"`),
    ];
  });
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  return version !== 0 && rest.length === 0 && (prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128)));
}
