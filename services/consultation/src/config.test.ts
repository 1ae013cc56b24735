import { expect, it } from '@jest/globals';
import { ConfigError } from '@mediai/kit/config';
import { loadConfig } from './config.ts';

const peers = Object.fromEntries(['AUTH_GRPC', 'IA_GRPC', 'NOTIFICATIONS_GRPC'].map((name, i) => [name, `127.0.0.1:${i + 1}`]));
const test = { MEDIAI_MODE: 'test', GRPC_PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: 'postgresql://x', KAFKA_BROKERS: '127.0.0.1:9', SERVICE_SECRET: 'a secret of tests only', CONSULTATION_FICHIERS_DIR: '/fichiers', ...peers };
const production = { ...test, MEDIAI_MODE: 'production', MEDIAI_URGENCE_TELEPHONE: '112', MEDIAI_RESPONSABLE_CLINIQUE: 'Dr X', MEDIAI_PUBLIC_URL: 'https://mediai.example' };

it('production names the address printed on documents, the emergency number and the clinician; elsewhere they may be absent', () => {
  expect(loadConfig(test).MEDIAI_PUBLIC_URL).toBe('http://localhost:8000');
  expect(loadConfig(production).MEDIAI_PUBLIC_URL).toBe('https://mediai.example');
  for (const name of ['MEDIAI_PUBLIC_URL', 'MEDIAI_URGENCE_TELEPHONE', 'MEDIAI_RESPONSABLE_CLINIQUE']) {
    expect(() => loadConfig({ ...production, [name]: ' ' })).toThrow(expect.objectContaining({ message: expect.stringContaining(`${name} is required when MEDIAI_MODE=production`) }));
    expect(() => loadConfig({ ...production, [name]: ' ' })).toThrow(ConfigError);
  }
});

it('files lie in a folder or in a bucket, whose variables go together', () => {
  const s3 = { S3_BUCKET: 'seau', S3_REGION: 'eu', S3_ACCESS_KEY_ID: 'cle', S3_SECRET_ACCESS_KEY: 'secret' };
  const sans = { ...test, CONSULTATION_FICHIERS_DIR: undefined };
  expect(() => loadConfig(sans)).toThrow(/CONSULTATION_FICHIERS_DIR or S3_BUCKET is required/);
  expect(loadConfig({ ...sans, ...s3 })).toMatchObject({ S3_BUCKET: 'seau', S3_PATH_STYLE: true });
  expect(() => loadConfig({ ...test, ...s3, S3_REGION: '' })).toThrow(/S3_REGION must be set as well/);
});

it('a scanner is named by host and port', () => {
  for (const CLAMD_ADDRESS of ['clamd:3310', '127.0.0.1:3310', '[::1]:3310']) expect(loadConfig({ ...test, CLAMD_ADDRESS })).toMatchObject({ CLAMD_ADDRESS });
  expect(() => loadConfig({ ...test, CLAMD_ADDRESS: 'clamd' })).toThrow(/CLAMD_ADDRESS must be host:port/);
});
