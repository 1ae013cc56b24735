import { describe, expect, it } from '@jest/globals';
import { summarize } from './health.ts';

const ok = { database: 'ok', kafka: 'ok', redis: 'ok' };

describe('the state of the suite', () => {
  it('is healthy when everything is', () => {
    expect(summarize({ auth: ok, consultation: ok }).status).toBe('healthy');
  });

  it.each(['redis', 'kafka', 'external_apis', 'workers'])('is degraded without %s', (part) => {
    const summary = summarize({ auth: ok, notifications: { ...ok, [part]: 'down' } });
    expect([summary.status, summary.checks[part]]).toEqual(['degraded', 'down']);
  });

  it.each(['ia', 'notifications'])('is degraded without %s', (service) => {
    expect(summarize({ auth: ok, [service]: undefined })).toEqual({ status: 'degraded', checks: { auth: 'ok', database: 'ok', kafka: 'ok', redis: 'ok', [service]: 'down' } });
  });

  it.each(['auth', 'consultation', 'appointments'])('is unhealthy without %s', (service) => {
    expect(summarize({ ia: ok, [service]: undefined }).status).toBe('unhealthy');
  });

  it('is unhealthy when one database is down', () => {
    expect(summarize({ auth: ok, ia: { ...ok, database: 'down' } }).status).toBe('unhealthy');
  });
});
