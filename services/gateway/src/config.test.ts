import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './config.ts';

const sound = { MEDIAI_MODE: 'test', INTERNAL_PORT: '0', AUTH_GRPC: 'x:1', CONSULTATION_GRPC: 'x:2', IA_GRPC: 'x:3', APPOINTMENTS_GRPC: 'x:4', NOTIFICATIONS_GRPC: 'x:5' };

describe('trusted proxies', () => {
  it.each(['10.0.0.1', '10.0.0.0/8,2001:db8::/32', '::1', 'fd00::1, 127.0.0.1'])('%s', (text) => {
    expect(loadConfig({ ...sound, GATEWAY_TRUSTED_PROXIES: text }).GATEWAY_TRUSTED_PROXIES?.length).toBeGreaterThan(0);
  });

  it.each(['localhost', '10.0.0', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/8/8', '2001:db8::/129', '*', 'true'])('%s is none, and would trust nobody or everybody', (text) => {
    expect(() => loadConfig({ ...sound, GATEWAY_TRUSTED_PROXIES: `127.0.0.1,${text}` })).toThrow('GATEWAY_TRUSTED_PROXIES must be addresses or networks');
  });
});
