import { dirname } from 'node:path';
import { withDatabase } from '@mediai/db/admin';
import type { Bench, Personne, ServiceState } from '../measurement.ts';
import { call } from './call.ts';

type State = { services: Record<string, Omit<ServiceState, 'pid'> & { pid?: number }>; parts: Record<string, { pid?: number }> };

/** Access tokens live for two hours; one is used for half of that at most. */
const tokenMs = 3_600_000;

/** The suite that the launcher has started, from what it says of it in the environment. */
export function openBench(env: NodeJS.ProcessEnv, { quick, log }: Pick<Bench, 'quick' | 'log'>): Bench {
  const variable = (name: string): string => {
    const value = env[name];
    if (!value) throw new Error(`${name} is not set: "npm run bench" starts a suite and sets it.`);
    return value;
  };
  const [controlUrl, gatewayUrl, postgresUrl] = [variable('E2E_CONTROL_URL'), variable('E2E_GATEWAY_URL'), variable('TEST_POSTGRES_URL')];
  const tokens = new Map<Personne, { token: Promise<string>; untilMs: number }>();

  async function control<T>(method: string, path: string): Promise<T> {
    const response = await fetch(`${controlUrl}${path}`, { method, signal: AbortSignal.timeout(120_000) });
    if (!response.ok) throw new Error(`${method} ${path} of the launcher answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
  const state = (): Promise<State> => control('GET', '/state');

  return {
    gatewayUrl, postgresUrl, quick, log,
    sandboxUrl: variable('E2E_SANDBOX_URL'),
    stateDir: dirname(variable('E2E_CONTROL')),
    kafkaBrokers: variable('TEST_KAFKA_BROKERS'),
    redisUrl: variable('TEST_REDIS_URL'),
    databaseUrl: (name) => withDatabase(postgresUrl, `mediai_${name}`),
    services: async () => Object.fromEntries(Object.entries((await state()).services).flatMap(([name, one]) => (one.pid ? [[name, { ...one, pid: one.pid }]] : []))),
    pids: async () => {
      const { services, parts } = await state();
      return Object.fromEntries([...Object.entries(services), ...Object.entries(parts)].flatMap(([name, { pid }]) => (pid ? [[name, pid]] : [])));
    },
    service: (name, deed) => control('POST', `/services/${name}/${deed}`),
    part: (name, deed) => control('POST', `/parts/${name}/${deed}`),
    token: (who) => {
      const kept = tokens.get(who);
      if (kept && kept.untilMs > Date.now()) return kept.token;
      const token = call<{ access: string }>(gatewayUrl, 'POST', '/auth/token/', { body: { username: `${who}.demo`, password: 'demo-mediai' } }).then(({ access }) => access);
      tokens.set(who, { token, untilMs: Date.now() + tokenMs });
      return token;
    },
  };
}
