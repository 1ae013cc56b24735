import { expect, test } from '@jest/globals';
import { ConfigError } from '@mediai/kit/config';
import { loadConfig, loadSeedConfig } from './config.ts';

const env = {
  MEDIAI_MODE: 'test', GRPC_PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: 'postgresql://u:p@localhost/appointments', KAFKA_BROKERS: 'localhost:9092', AUTH_GRPC: 'localhost:1', CONSULTATION_GRPC: 'localhost:2',
  SERVICE_SECRET: '0123456789abcdef',
};

test('reads what is given and fills the rest', () => {
  expect(loadConfig(env)).toMatchObject({ LOG_LEVEL: 'info', GRPC_HOST: '127.0.0.1', CONSULTATION_GRPC: 'localhost:2' });
});

test('names every fault at once, without quoting secrets', () => {
  const faulty = { ...env, MEDIAI_MODE: '', CONSULTATION_GRPC: '', SERVICE_SECRET: 'short' };
  expect(() => loadConfig(faulty)).toThrow(ConfigError);
  expect(() => loadConfig(faulty)).toThrow(/MEDIAI_MODE[^]*SERVICE_SECRET[^]*CONSULTATION_GRPC|MEDIAI_MODE[^]*CONSULTATION_GRPC[^]*SERVICE_SECRET/);
  expect(() => loadConfig(faulty)).not.toThrow(/short"/);
});

test('the seed is refused in production', () => {
  expect(loadSeedConfig(env).MEDIAI_MODE).toBe('test');
  expect(() => loadSeedConfig({ ...env, MEDIAI_MODE: 'production' })).toThrow('demo or test');
});
