import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../config.ts';
import { isExempt, ownScope, parseRate, readRates } from './scopes.ts';

const sound = { MEDIAI_MODE: 'test', INTERNAL_PORT: '0', AUTH_GRPC: 'x:1', CONSULTATION_GRPC: 'x:2', IA_GRPC: 'x:3', APPOINTMENTS_GRPC: 'x:4', NOTIFICATIONS_GRPC: 'x:5' };

describe('rates', () => {
  it('are those of the contract unless configured', () => {
    expect(readRates(loadConfig({ ...sound, THROTTLE_SEND: '5/d' }))).toEqual({
      anonymous: { points: 30, seconds: 60 },
      user: { points: 300, seconds: 60 },
      validate: { points: 30, seconds: 3600 },
      relancer: { points: 10, seconds: 3600 },
      conversation_messages: { points: 120, seconds: 60 },
      send: { points: 5, seconds: 86_400 },
      webhook: { points: 1200, seconds: 60 },
      signature: { points: 1200, seconds: 60 },
      ia_analyse: { points: 30, seconds: 3600 },
      ia_status: { points: 300, seconds: 3600 },
    });
  });

  it.each(['', '30', '0/min', '-1/min', '1.5/s', '30 / min', '30/minute', '30/jour', '99999999/s', '1e3/s'])('%j is none', (text) => {
    expect(parseRate(text)).toBeUndefined();
  });

  it('every odd one is named before anything starts', () => {
    expect(() => loadConfig({ ...sound, THROTTLE_USER: '300', THROTTLE_SEND: 'beaucoup' })).toThrow(/THROTTLE_USER must be[^]*THROTTLE_SEND must be[^]*"beaucoup"/);
  });

  it('are never off in production', () => {
    expect(() => loadConfig({ ...sound, MEDIAI_MODE: 'production', MEDIAI_THROTTLES: 'off' })).toThrow('MEDIAI_THROTTLES=off is refused in production');
    expect(loadConfig({ ...sound, MEDIAI_MODE: 'production' }).MEDIAI_THROTTLES).toBe('on');
  });
});

describe('a limit of its own', () => {
  it.each([
    ['POST', '/api/v1/fiche-consultation/:id/validate/', 'validate'],
    ['POST', '/api/v1/fiche-consultation/:id/relancer/', 'relancer'],
    ['POST', '/api/v1/fiche-consultation/:id/send-whatsapp/', 'send'],
    ['GET', '/api/v1/conversations/:id/messages/', 'conversation_messages'],
    ['HEAD', '/api/v1/conversations/:id/messages/', 'conversation_messages'],
    ['POST', '/api/v1/fiche-consultation/:id/send-notification/', 'send'],
    ['POST', '/api/v1/fiche-consultation/whatsapp-onboarding/', 'send'],
    ['POST', '/api/v1/whatsapp/onboarding-sms/', 'send'],
    ['POST', '/api/v1/webhooks/twilio/sms/', 'webhook'],
    ['GET', '/api/v1/signatures/:jeton/', 'signature'],
    ['POST', '/api/ia/analyse/', 'ia_analyse'],
    ['GET', '/api/ia/status/:taskId/', 'ia_status'],
    ['GET', '/api/v1/fiche-consultation/:id/', undefined],
  ])('%s %s: %s', (method, route, scope) => {
    expect(ownScope(method, route)).toBe(scope);
  });

  it.each(['/', '/api/health/', '/api/schema/', '/api/docs', '/api/docs/static/*', '/api/redoc/', '/api/redoc/redoc.standalone.js', '/.well-known/jwks.json'])('%s is never limited', (route) => {
    expect(isExempt(route)).toBe(true);
  });
});
