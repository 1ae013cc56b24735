import { expect, test } from '@jest/globals';
import { loadConfig } from './config.ts';

const env = {
  MEDIAI_MODE: 'demo', GRPC_PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: 'postgresql://a@b/c', KAFKA_BROKERS: 'k:1', AUTH_GRPC: 'a:1', CONSULTATION_GRPC: 'c:1', SERVICE_SECRET: '0123456789abcdef',
};

test('voices without a key are off, and the defaults are said', () => {
  expect(loadConfig(env)).toMatchObject({ OPENAI_API_KEY: undefined, IA_SYNTHESE_VOIX: 'anthropic', IA_VOICE_TIMEOUT_MS: 60_000, IA_SIMULATION: false });
});

test('no simulation in production, and the key is never quoted', () => {
  const production = { ...env, MEDIAI_MODE: 'production' };
  expect(() => loadConfig({ ...production, OPENAI_API_KEY: 'simulation', IA_SIMULATION: 'true' })).toThrow(/OPENAI_API_KEY must be a real key[^]*IA_SIMULATION must be false/u);
  expect(loadConfig({ ...production, OPENAI_API_KEY: 'sk-vraie' }).OPENAI_API_KEY).toBe('sk-vraie');
});
