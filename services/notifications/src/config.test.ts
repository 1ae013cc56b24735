import { expect, test } from '@jest/globals';
import { ConfigError } from '@mediai/kit/config';
import { loadConfig } from './config.ts';

const complete = {
  MEDIAI_MODE: 'demo', GRPC_PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: 'postgresql://u:p@localhost/x', KAFKA_BROKERS: 'localhost:9092', AUTH_GRPC: 'localhost:1', CONSULTATION_GRPC: 'localhost:2',
  SERVICE_SECRET: '0123456789abcdef', TWILIO_ACCOUNT_SID: 'AC0', TWILIO_AUTH_TOKEN: 'x', TWILIO_BASE_URL: 'http://127.0.0.1:1/twilio', TWILIO_WHATSAPP_FROM: 'whatsapp:+14155238886',
};

function faultsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : ['?'];
  }
}

test('a complete configuration loads, callbacks off', () => {
  expect(loadConfig(complete)).toMatchObject({ TWILIO_TIMEOUT_MS: 5_000, TWILIO_STATUS_CALLBACKS: false, MEDIAI_PUBLIC_URL: 'http://localhost:8000', WEBHOOK_RETENTION_DAYS: 90 });
});

test('outside of production no real message can be sent', () => {
  expect(faultsOf({ ...complete, TWILIO_BASE_URL: '' })).toEqual([expect.stringMatching(/^TWILIO_BASE_URL/)]);
  expect(faultsOf({ ...complete, TWILIO_BASE_URL: 'https://api.twilio.com' })).toEqual([expect.stringMatching(/^TWILIO_BASE_URL/)]);
});

test('production wants its public address, and reaches Twilio itself', () => {
  const production = { ...complete, MEDIAI_MODE: 'production', TWILIO_BASE_URL: '' };
  expect(faultsOf(production)).toEqual(['MEDIAI_PUBLIC_URL is required when MEDIAI_MODE=production']);
  expect(faultsOf({ ...production, MEDIAI_PUBLIC_URL: 'https://mediai.example' })).toEqual([]);
});

test('what is malformed is named, all at once', () => {
  expect(faultsOf({ ...complete, TWILIO_ACCOUNT_SID: 'x', TWILIO_WHATSAPP_FROM: '+1', TWILIO_SMS_FROM: '0810', TWILIO_WHATSAPP_JOIN: 'join <b>' })).toHaveLength(4);
});

test('a mail server and its sender go together', () => {
  const SMTP_URL = 'smtp://mediai:motdepasse@127.0.0.1:587';
  for (const SMTP_FROM of ['ne-pas-repondre@exemple.cd', 'MediAI <ne-pas-repondre@exemple.cd>']) expect(faultsOf({ ...complete, SMTP_URL, SMTP_FROM })).toEqual([]);
  expect(faultsOf({ ...complete, SMTP_URL })).toEqual(['SMTP_URL and SMTP_FROM go together']);
  expect(faultsOf({ ...complete, SMTP_FROM: 'a@exemple.cd' })).toEqual(['SMTP_URL and SMTP_FROM go together']);
  const wrong = faultsOf({ ...complete, SMTP_URL: 'https://mediai:motdepasse@exemple.cd', SMTP_FROM: 'a@exemple.cd, b@exemple.cd' });
  expect(wrong).toEqual([expect.stringMatching(/^SMTP_URL must begin/), expect.stringMatching(/^SMTP_FROM must be/)]);
  expect(wrong.join()).not.toContain('motdepasse');
});
