import { readFileSync } from 'node:fs';

/** What the launcher tells the journeys of the suite that it started. */
function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the journeys by \`npm test -- --only e2e\`, which starts a suite for them.`);
  return value;
}

export const gatewayUrl = (): string => variable('E2E_GATEWAY_URL');
export const sandboxUrl = (): string => variable('E2E_SANDBOX_URL');
export const kafkaBrokers = (): string[] => variable('TEST_KAFKA_BROKERS').split(',');
const controlUrl = (): string => variable('E2E_CONTROL_URL');

export const SERVICES = ['gateway', 'auth', 'consultation', 'appointments', 'ia', 'notifications'] as const;
export type Service = (typeof SERVICES)[number];
export type Part = 'kafka' | 'redis' | 'postgres';

async function control(method: string, path: string): Promise<unknown> {
  const response = await fetch(`${controlUrl()}${path}`, { method, signal: AbortSignal.timeout(120_000) });
  if (!response.ok) throw new Error(`${method} ${path} of the launcher answered ${response.status}: ${await response.text()}`);
  return response.json();
}

/** kill -9 of one service; the supervisor brings it back by itself. */
export const killService = (service: Service): Promise<unknown> => control('POST', `/services/${service}/kill`);
/** Wait until a service answers its readiness probe. */
export const serviceReady = (service: Service): Promise<unknown> => control('POST', `/services/${service}/ready`);
/** Stop a service, or start it again; while stopped the supervisor leaves it alone. */
export const stopService = (service: Service): Promise<unknown> => control('POST', `/services/${service}/stop`);
export const startService = (service: Service): Promise<unknown> => control('POST', `/services/${service}/start`);
export const stopPart = (part: Part): Promise<unknown> => control('POST', `/parts/${part}/stop`);
export const startPart = (part: Part): Promise<unknown> => control('POST', `/parts/${part}/start`);
/** kill -9 of a part, which stays down until it is started. */
export const killPart = (part: Part): Promise<unknown> => control('POST', `/parts/${part}/kill`);
/** SIGSTOP and SIGCONT of a part: it holds its connections and answers nothing. */
export const pausePart = (part: Part): Promise<unknown> => control('POST', `/parts/${part}/pause`);
export const resumePart = (part: Part): Promise<unknown> => control('POST', `/parts/${part}/resume`);

export interface SuiteState {
  readonly services: Record<Service, { readonly internalUrl: string; readonly logFile: string; readonly grpc: string; readonly databaseUrl: string }>;
  /** What auth encrypts its signing keys with. */
  readonly authKeySecret: string;
}

/** Addresses, log files and databases of the services. */
export const suiteState = async (): Promise<SuiteState> => (await control('GET', '/state')) as SuiteState;

/** Everything that a service has logged so far. */
export async function logsOf(service: Service): Promise<string> {
  const { services } = await suiteState();
  return readFileSync(services[service].logFile, 'utf8');
}

/** What a service tells Prometheus. */
export async function metricsOf(service: Service): Promise<string> {
  const { services } = await suiteState();
  return (await fetch(`${services[service].internalUrl}/metrics`)).text();
}
