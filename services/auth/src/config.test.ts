import { expect, test } from '@jest/globals';
import { ConfigError } from '@mediai/kit/config';
import { loadConfig, loadSeedConfig, readServiceSecrets } from './config.ts';

const env = {
  MEDIAI_MODE: 'test', GRPC_PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: 'postgresql://u:p@localhost/auth', KAFKA_BROKERS: 'localhost:9092', NOTIFICATIONS_GRPC: 'localhost:1',
  AUTH_KEY_SECRET: 'k'.repeat(32), AUTH_SERVICE_SECRETS: 'ia=0123456789abcdef,consultation=fedcba98=76543210',
};
const faultsOf = (load: (env: Record<string, string>) => unknown, changes: Record<string, string>): string[] => {
  try {
    load({ ...env, ...changes });
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).faults;
  }
};

test('reads what is given and fills the rest', () => {
  expect(loadConfig(env)).toMatchObject({ AUTH_ACCESS_SECONDS: 7200, AUTH_REFRESH_SECONDS: 604800, AUTH_MEDECIN_APPROVAL: 'manual', AUTH_KEY_ROTATION_DAYS: 90 });
  expect(readServiceSecrets(loadConfig(env).AUTH_SERVICE_SECRETS)).toEqual(new Map([['ia', ['0123456789abcdef']], ['consultation', ['fedcba98=76543210']]]));
});

test('production does not start without emergency number, clinician in charge and choice of consent', () => {
  expect(faultsOf(loadConfig, { MEDIAI_MODE: 'production' })).toEqual(['MEDIAI_URGENCE_TELEPHONE', 'MEDIAI_RESPONSABLE_CLINIQUE', 'MEDIAI_CONSENTEMENT_IA'].map((name) => `${name} is required when MEDIAI_MODE=production`));
  expect(faultsOf(loadConfig, { MEDIAI_MODE: 'production', MEDIAI_URGENCE_TELEPHONE: '112', MEDIAI_RESPONSABLE_CLINIQUE: 'Dr X', MEDIAI_CONSENTEMENT_IA: 'explicite' })).toEqual([]);
});

test('the seed is refused in production', () => {
  expect(faultsOf(loadSeedConfig, {})).toEqual([]);
  expect(faultsOf(loadSeedConfig, { MEDIAI_MODE: 'production', MEDIAI_URGENCE_TELEPHONE: '112', MEDIAI_RESPONSABLE_CLINIQUE: 'Dr X', MEDIAI_CONSENTEMENT_IA: 'explicite' })).toEqual([expect.stringContaining('demo or test')]);
});

test('a short or nameless service secret is named without quoting it', () => {
  for (const value of ['ia=short', '0123456789abcdef', '=0123456789abcdef']) {
    const faults = faultsOf(loadConfig, { AUTH_SERVICE_SECRETS: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).not.toContain(value);
  }
});
