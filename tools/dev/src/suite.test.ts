import { describe, expect, it } from '@jest/globals';
import { between, exampleOf, mergeRows, tableOf } from './configuration-docs.ts';
import { sum } from './checks.ts';
import { Failure, sentenceOf } from './failure.ts';
import { sandboxEnv, serviceEnv, serviceNames } from './suite.ts';
import type { World } from './suite.ts';
import { summary } from './summary.ts';

const world = (env: World['env'] = {}, mode: World['mode'] = 'demo'): World => ({
  mode, env, gatewayPort: 8000, sandboxUrl: 'http://127.0.0.1:1', kafkaBrokers: '127.0.0.1:2', redisUrl: '', filesDir: '/etat/files', postgres: { auth: 'postgresql://auth' },
  ports: Object.fromEntries(serviceNames.map((name, i) => [name, { grpc: 100 + i, internal: 200 + i }])) as World['ports'],
  secret: (name) => `secret of ${name}`,
});

describe('the environment of a service', () => {
  it('names its own ports, its own database and every peer', () => {
    const env = serviceEnv(world(), 'auth');
    expect(env).toMatchObject({ MEDIAI_MODE: 'demo', NODE_ENV: 'production', GRPC_PORT: '100', INTERNAL_PORT: '200', DATABASE_URL: 'postgresql://auth', CONSULTATION_GRPC: '127.0.0.1:101' });
    expect(env.REDIS_URL).toBeUndefined();
    expect(serviceEnv(world(), 'gateway').DATABASE_URL).toBeUndefined();
  });

  it('gives auth every secret and each service only its own', () => {
    for (const name of serviceNames) expect(serviceEnv(world(), 'auth').AUTH_SERVICE_SECRETS).toContain(`${name}=secret of service:${name}`);
    expect(serviceEnv(world(), 'ia').AUTH_SERVICE_SECRETS).toBeUndefined();
    expect(serviceEnv(world(), 'ia').SERVICE_SECRET).toBe('secret of service:ia');
  });

  it('keeps the files of consultation in the state directory, unless a person says where; those of journeys always', () => {
    expect(serviceEnv(world(), 'consultation').CONSULTATION_FICHIERS_DIR).toBe('/etat/files/consultation');
    const env = { CONSULTATION_FICHIERS_DIR: '/ailleurs', S3_BUCKET: 'seau' };
    expect(serviceEnv(world(env), 'consultation')).toMatchObject(env);
    expect(serviceEnv(world(env, 'test'), 'consultation')).toMatchObject({ CONSULTATION_FICHIERS_DIR: '/etat/files/consultation', S3_BUCKET: undefined });
  });

  it('tells those who write links where people reach the suite', () => {
    for (const name of ['consultation', 'notifications'] as const) expect(serviceEnv(world(), name).MEDIAI_PUBLIC_URL).toBe('http://localhost:8000');
  });

  it('hides the superuser of PostgreSQL from every service', () => {
    for (const name of serviceNames) expect(serviceEnv(world({ POSTGRES_URL: 'postgresql://root' }), name).POSTGRES_URL).toBeUndefined();
  });

  it('asks a voice with a key for real, and every other one in the sandbox', () => {
    const env = serviceEnv(world({ OPENAI_API_KEY: 'sk-real' }), 'ia');
    expect(env.OPENAI_API_KEY).toBe('sk-real');
    expect(env.OPENAI_BASE_URL).toBeUndefined();
    expect(env.ANTHROPIC_BASE_URL).toBe('http://127.0.0.1:1/anthropic');
    expect(serviceEnv(world({ OPENAI_API_KEY: 'sk-real' }, 'test'), 'ia').OPENAI_API_KEY).toBe('simulation');
  });

  it('limits requests in the demo, and under test only where the person wants it', () => {
    expect(serviceEnv(world(), 'gateway').MEDIAI_THROTTLES).toBeUndefined();
    expect(serviceEnv(world({}, 'test'), 'gateway').MEDIAI_THROTTLES).toBe('off');
    expect(serviceEnv(world({ MEDIAI_THROTTLES: 'on' }, 'test'), 'gateway').MEDIAI_THROTTLES).toBe('on');
  });

  it('never lets Twilio be real, nor mail under test', () => {
    const env = serviceEnv(world({ TWILIO_AUTH_TOKEN: 'real', TWILIO_ACCOUNT_SID: 'ACreal' }), 'notifications');
    expect(env.TWILIO_BASE_URL).toBe('http://127.0.0.1:1/twilio');
    expect(env.TWILIO_AUTH_TOKEN).toBe('secret of twilio');
    expect(env.TWILIO_ACCOUNT_SID).not.toBe('ACreal');
    expect(serviceEnv(world({ SMTP_URL: 'smtp://real' }, 'test'), 'notifications').SMTP_URL).toBeUndefined();
    expect(sandboxEnv(world(), 7).SANDBOX_TWILIO_AUTH_TOKEN).toBe(env.TWILIO_AUTH_TOKEN);
  });
});

describe('what a person reads', () => {
  it('is one sentence, whatever was thrown', () => {
    expect(sentenceOf(new Failure('Port 8000 is taken.'), '/x')).toBe('Port 8000 is taken.');
    expect(sentenceOf(Object.assign(new Error('write'), { code: 'ENOSPC' }), '/x')).toContain('The disk that holds /x is full');
    expect(sentenceOf(new Error('could not extend file "base/1/2": wrote only 4096 of 8192 bytes at block 0'), '/x')).toContain('The disk that holds /x is full');
    expect(sentenceOf(new Error('first\nsecond'), '/x')).toBe('first');
  });

  it('closes the tests with their number', () => {
    const rows = [{ name: 'lint', ms: 1000, passed: 1, failed: 0 }, { name: 'unit', ms: 61_000, passed: 40, failed: 2 }];
    expect(summary(rows, 62_000)).toMatch(/✓ lint {3}.*1\.0 s.*\n✗ unit .*40 passed, 2 failed\n.*\n\n41 passed, 2 failed$/);
    expect(sum([{ numPassedTests: 3, numFailedTests: 0, numRuntimeErrorTestSuites: 1 }, { numPassedTests: 2, numFailedTests: 1, numRuntimeErrorTestSuites: 0 }])).toEqual({ passed: 5, failed: 2 });
  });
});

describe('the configuration in the documents', () => {
  const row = { name: 'LOG_LEVEL', type: 'debug | info', default: 'info', required: false, secret: false, description: 'Least level.' };
  const secret = { ...row, name: 'OPENAI_API_KEY', type: 'string', default: '', secret: true };

  it('names a variable once, with the services that read it', () => {
    const rows = mergeRows({ auth: [row], ia: [row, secret] });
    expect(rows.map(({ name, services }) => [name, services])).toEqual([['LOG_LEVEL', ['auth', 'ia']], ['OPENAI_API_KEY', ['ia']]]);
    expect(tableOf(rows)).toContain('| `LOG_LEVEL` | debug \\| info | `info` | auth, ia | Least level. |');
    expect(exampleOf(rows)).toContain('# OPENAI_API_KEY=\n');
  });

  it('replaces only what stands between its markers', () => {
    expect(between('a\n<!-- t:begin -->\nold\n<!-- t:end -->\nb', 't', 'new $1')).toBe('a\n<!-- t:begin -->\nnew $1\n<!-- t:end -->\nb');
  });
});
