import { describe, expect, test } from '@jest/globals';
import { commonConfig, ConfigError, defineConfig, describeConfig, loadConfig, tlsConfig } from './index.ts';

const schema = defineConfig({
  MODE: { type: 'enum', values: ['demo', 'production'], required: true, description: 'Mode.' },
  PORT: { type: 'int', min: 0, max: 65_535, default: 8000, description: 'Port.' },
  VERBOSE: { type: 'bool', default: false, description: 'Verbose.' },
  BASE_URL: { type: 'url', description: 'Base URL.' },
  ORIGINS: { type: 'list', default: ['http://localhost:3000'], description: 'Origins.' },
  SECRET: { type: 'string', required: true, secret: true, minLength: 16, description: 'Secret.' },
});
const valid = { MODE: 'demo', SECRET: '0123456789abcdef' };

function faultsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  test('converts and fills in defaults; an empty variable is an absent one', () => {
    const config = loadConfig(schema, { ...valid, PORT: '', VERBOSE: 'on', ORIGINS: 'http://a, http://b', BASE_URL: '' });
    const mode: 'demo' | 'production' = config.MODE;
    const url: string | undefined = config.BASE_URL;
    expect({ ...config, mode, url }).toMatchObject({ mode: 'demo', PORT: 8000, VERBOSE: true, ORIGINS: ['http://a', 'http://b'], url: undefined });
  });

  test('names every fault at once and never a secret', () => {
    const faults = faultsOf({ MODE: 'prod', PORT: '70000', VERBOSE: 'maybe', BASE_URL: 'nope', SECRET: 'tooshort' });
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual(['MODE', 'PORT', 'VERBOSE', 'BASE_URL', 'SECRET']);
    expect(faults.join()).toContain('"prod"');
    expect(faults.join()).not.toContain('tooshort');
  });

  test.each([['0.25', 0.25], ['1', 1], ['0', 0], ['1.5', undefined], ['-0.1', undefined], ['.5', undefined], ['1e-1', undefined], ['a', undefined]])('a share of %s is %s', (text, share) => {
    const ratio = defineConfig({ RATIO: { type: 'number', min: 0, max: 1, description: 'Share.' } });
    if (share === undefined) expect(() => loadConfig(ratio, { RATIO: text })).toThrow(/RATIO must be a number from 0 up to 1/);
    else expect(loadConfig(ratio, { RATIO: text })).toEqual({ RATIO: share });
  });

  test.each(['1.5', '1e3', '0x10', 'NaN', '9007199254740993'])('%s is no whole number', (text) => {
    expect(faultsOf({ ...valid, PORT: text })).toHaveLength(1);
  });

  test('refuses to start without a mode', () => {
    expect(() => loadConfig({ MEDIAI_MODE: commonConfig.MEDIAI_MODE }, {})).toThrow(/MEDIAI_MODE is required/);
  });

  test('a check over several variables adds its faults', () => {
    expect(() => loadConfig(schema, valid, ({ MODE, VERBOSE }) => (MODE === 'demo' && !VERBOSE ? ['VERBOSE must be on in demo'] : []))).toThrow(/VERBOSE must be on/);
  });

  test('variables that go together are set all or none', () => {
    const paths = { GRPC_TLS_CA: '/tls/ca.crt', GRPC_TLS_CERT: '/tls/tls.crt', GRPC_TLS_KEY: '/tls/tls.key' };
    expect(loadConfig(tlsConfig, {})).toEqual({});
    expect(loadConfig(tlsConfig, paths)).toEqual(paths);
    expect(() => loadConfig(tlsConfig, { ...paths, GRPC_TLS_KEY: '' })).toThrow(/GRPC_TLS_KEY must be set as well: GRPC_TLS_CA, GRPC_TLS_CERT, GRPC_TLS_KEY go together/);
    expect(() => loadConfig(tlsConfig, { GRPC_TLS_CA: '/tls/ca.crt' })).toThrow(/GRPC_TLS_CERT, GRPC_TLS_KEY must be set as well/);
  });

  test('a name of Object.prototype is no value', () => {
    expect(faultsOf({ ...valid, VERBOSE: 'constructor' })).toHaveLength(1);
  });
});

test('the schema is readable without starting', () => {
  expect(describeConfig(schema).slice(0, 2)).toEqual([
    { name: 'MODE', type: 'demo | production', default: '', required: true, secret: false, description: 'Mode.' },
    { name: 'PORT', type: 'int', default: '8000', required: false, secret: false, description: 'Port.' },
  ]);
  expect(describeConfig(commonConfig).filter(({ secret }) => secret).map(({ name }) => name)).toEqual(['DATABASE_URL', 'REDIS_URL', 'SERVICE_SECRET', 'OTEL_EXPORTER_OTLP_HEADERS']);
});
