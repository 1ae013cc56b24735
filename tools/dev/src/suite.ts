import { consultationFiles, type Env } from './paths.ts';

/** The services in the order of their seeds; every one is a process of its own. */
export const serviceNames = ['auth', 'consultation', 'appointments', 'ia', 'notifications', 'gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** The services that own a database. */
export const databaseServices = ['auth', 'consultation', 'appointments', 'ia', 'notifications'] as const satisfies readonly ServiceName[];

/** The voices: the key that makes each one real, the variable that turns it to the sandbox, and the path there. */
export const voices = [
  { name: 'OpenAI', key: 'OPENAI_API_KEY', baseUrl: 'OPENAI_BASE_URL', path: '/openai/v1' },
  { name: 'Anthropic', key: 'ANTHROPIC_API_KEY', baseUrl: 'ANTHROPIC_BASE_URL', path: '/anthropic' },
  { name: 'Google', key: 'GOOGLE_API_KEY', baseUrl: 'GOOGLE_BASE_URL', path: '/google' },
] as const;

export type World = {
  mode: 'demo' | 'test';
  /** What the person has set; the suite's own variables come on top of it. */
  env: Env;
  ports: Record<ServiceName, { grpc: number; internal: number }>;
  gatewayPort: number;
  /** The sandbox's address. It always runs: Twilio is never real here. */
  sandboxUrl: string;
  postgres: Partial<Record<ServiceName, string>>;
  kafkaBrokers: string;
  /** Empty where there is no Redis. */
  redisUrl: string;
  /** Folder below which services keep files. */
  filesDir: string;
  secret: (name: string) => string;
};

/** The gateway's address, as people type it. */
export const gatewayUrl = (world: Pick<World, 'gatewayPort'>): string => `http://localhost:${world.gatewayPort}`;

/** The address of a service's probes and metrics. */
export const internalUrl = (world: Pick<World, 'ports'>, name: ServiceName): string => `http://127.0.0.1:${world.ports[name].internal}`;

/** True where the person gave this voice a key: it is then asked for real. */
export const isReal = (env: Env, voice: (typeof voices)[number]): boolean => Boolean(env[voice.key]?.trim());

/**
 * The whole environment of a service. What is not named here comes from the person's own environment or `.env`, so
 * that any variable of a service's configuration may be set without a word in this file.
 */
export function serviceEnv(world: World, name: ServiceName): Env {
  const env: Env = {
    ...world.env,
    NODE_ENV: 'production',
    MEDIAI_MODE: world.mode,
    GRPC_HOST: '127.0.0.1',
    GRPC_PORT: String(world.ports[name].grpc),
    INTERNAL_HOST: '127.0.0.1',
    INTERNAL_PORT: String(world.ports[name].internal),
    KAFKA_BROKERS: world.kafkaBrokers,
    REDIS_URL: world.redisUrl || undefined,
    SERVICE_SECRET: world.secret(`service:${name}`),
    MEDIAI_DEMO_PASSWORD: world.env.MEDIAI_DEMO_PASSWORD || 'demo-mediai',
    DATABASE_URL: world.postgres[name],
    POSTGRES_URL: undefined,
  };
  // Under test the sandbox collects the traces as well, for the journeys to read, and journeys ask faster than people.
  if (world.mode === 'test') Object.assign(env, { MEDIAI_THROTTLES: world.env.MEDIAI_THROTTLES || 'off', OTEL_EXPORTER_OTLP_ENDPOINT: `${world.sandboxUrl}/otlp`, OTEL_BSP_SCHEDULE_DELAY: '500' });
  for (const peer of serviceNames) if (peer !== 'gateway') env[`${peer.toUpperCase()}_GRPC`] = `127.0.0.1:${world.ports[peer].grpc}`;
  return { ...env, ...own[name](world) };
}

/** What each service has that the others have not. */
const own: Record<ServiceName, (world: World) => Env> = {
  auth: (world) => ({
    AUTH_SERVICE_SECRETS: serviceNames.map((name) => `${name}=${world.secret(`service:${name}`)}`).join(','),
    AUTH_KEY_SECRET: world.secret('auth-keys'),
  }),
  consultation: (world) => ({
    MEDIAI_PUBLIC_URL: gatewayUrl(world),
    CONSULTATION_FICHIERS_DIR: world.env.CONSULTATION_FICHIERS_DIR || consultationFiles(world.filesDir),
    // Journeys leave nothing in a person's own bucket and ask no scanner.
    ...(world.mode === 'test' ? { CONSULTATION_FICHIERS_DIR: consultationFiles(world.filesDir), S3_BUCKET: undefined, S3_REGION: undefined, S3_ACCESS_KEY_ID: undefined, S3_SECRET_ACCESS_KEY: undefined, CLAMD_ADDRESS: undefined } : {}),
  }),
  appointments: () => ({}),
  ia: (world) =>
    Object.fromEntries(
      voices.flatMap((voice) =>
        world.mode === 'test' || !isReal(world.env, voice)
          ? [[voice.key, 'simulation'], [voice.baseUrl, `${world.sandboxUrl}${voice.path}`]]
          : [],
      ),
    ),
  notifications: (world) => ({
    TWILIO_ACCOUNT_SID: 'ACsimulation00000000000000000000000',
    TWILIO_AUTH_TOKEN: sandboxToken(world),
    TWILIO_BASE_URL: `${world.sandboxUrl}/twilio`,
    TWILIO_WHATSAPP_FROM: 'whatsapp:+14155238886',
    TWILIO_SMS_FROM: '+14155238886',
    TWILIO_WHATSAPP_JOIN: 'join mediai-simulation',
    MEDIAI_PUBLIC_URL: gatewayUrl(world),
    // The accounts of the journeys have addresses of nobody.
    ...(world.mode === 'test' ? { SMTP_URL: undefined } : {}),
  }),
  gateway: (world) => ({
    GATEWAY_PORT: String(world.gatewayPort),
    SANDBOX_URL: world.sandboxUrl,
    // Journeys stand for people at many addresses, and say so as a proxy would.
    ...(world.mode === 'test' ? { GATEWAY_TRUSTED_PROXIES: '127.0.0.1' } : {}),
  }),
};

const sandboxToken = (world: Pick<World, 'secret'>): string => world.secret('twilio');

/** The sandbox's environment. */
export function sandboxEnv(world: Pick<World, 'mode' | 'env' | 'secret'>, port: number): Env {
  return { ...world.env, NODE_ENV: 'production', MEDIAI_MODE: world.mode, SANDBOX_HOST: '127.0.0.1', SANDBOX_PORT: String(port), SANDBOX_TWILIO_AUTH_TOKEN: sandboxToken(world) };
}
