import { defineConfig } from './schema.ts';

const port = { type: 'int', min: 0, max: 65_535, required: true } as const;

/** Mutual TLS between the services; off where none of it is set. */
export const tlsConfig = defineConfig({
  GRPC_TLS_CA: { type: 'string', together: 'GRPC_TLS', description: 'File of the CA certificates (PEM) that the services trust each other by; with it gRPC is mutual TLS only. Probes and metrics stay plain on the internal port.' },
  GRPC_TLS_CERT: { type: 'string', together: 'GRPC_TLS', description: "File of this process's certificate and its intermediates (PEM), for server and client use; its DNS names hold the host that the others have in their *_GRPC. A renewed file is taken up within a minute, for new connections." },
  GRPC_TLS_KEY: { type: 'string', together: 'GRPC_TLS', description: 'File of the private key of GRPC_TLS_CERT (PEM, without a passphrase).' },
});

/** Where traces go, and which. */
export const telemetryConfig = defineConfig({
  OTEL_EXPORTER_OTLP_ENDPOINT: { type: 'url', description: 'OTLP/HTTP collector for traces; without it traces are propagated and not exported.' },
  OTEL_EXPORTER_OTLP_HEADERS: { type: 'string', secret: true, description: 'Headers for the collector, as name=value, comma-separated and URL-encoded: authorization=Bearer%20xyz.' },
  TRACES_RATIO: { type: 'number', min: 0, max: 1, default: 1, description: 'Share of traces that is exported whole, 0 to 1, the same traces in every service; traces that failed or were slow are exported in any case.' },
  TRACES_SLOW_MS: { type: 'int', min: 1, default: 2_000, description: 'A span of so many milliseconds makes its trace slow.' },
});

/** What every service with a database is configured by. */
export const commonConfig = defineConfig({
  MEDIAI_MODE: { type: 'enum', values: ['demo', 'test', 'production'], required: true, description: 'Decides behaviour; there is no default, so that nothing runs as production or demo by accident.' },
  LOG_LEVEL: { type: 'enum', values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], default: 'info', description: 'Least severe level that is logged.' },
  GRPC_HOST: { type: 'string', default: '127.0.0.1', description: 'Address the gRPC server listens on.' },
  GRPC_PORT: { ...port, description: 'Port of the gRPC server.' },
  INTERNAL_HOST: { type: 'string', default: '127.0.0.1', description: 'Address of /healthz, /readyz and /metrics.' },
  INTERNAL_PORT: { ...port, description: 'Port of /healthz, /readyz and /metrics.' },
  DATABASE_URL: { type: 'url', required: true, secret: true, description: "PostgreSQL URL of the service's own database, as its application role." },
  KAFKA_BROKERS: { type: 'list', required: true, description: 'Kafka brokers, host:port, comma-separated.' },
  REDIS_URL: { type: 'url', secret: true, description: 'Redis URL; without it the cache is off and every answer is the same, slower.' },
  AUTH_GRPC: { type: 'string', required: true, description: "host:port of auth's gRPC server (JWKS, users, service tokens)." },
  SERVICE_SECRET: { type: 'string', required: true, secret: true, minLength: 16, description: 'Secret with which this service obtains its own token from auth.' },
  ...tlsConfig,
  ...telemetryConfig,
});

/** What the migration of a service's database is configured by. */
export const migrationConfig = defineConfig({
  LOG_LEVEL: commonConfig.LOG_LEVEL,
  KAFKA_BROKERS: commonConfig.KAFKA_BROKERS,
  DATABASE_OWNER_URL: { type: 'url', required: true, secret: true, description: "PostgreSQL URL of the service's own database, as the role that owns it; only the migration has it." },
  DATABASE_APP_ROLE: { type: 'string', description: 'Role that the service serves with and that the migration gives its rights; `mediai_<service>_app` unless set.' },
});

/** Addresses of the other services: take the entries the service calls. */
export const peerConfig = defineConfig({
  CONSULTATION_GRPC: { type: 'string', required: true, description: "host:port of consultation's gRPC server." },
  IA_GRPC: { type: 'string', required: true, description: "host:port of ia's gRPC server." },
  APPOINTMENTS_GRPC: { type: 'string', required: true, description: "host:port of appointments' gRPC server." },
  NOTIFICATIONS_GRPC: { type: 'string', required: true, description: "host:port of notifications' gRPC server." },
});
