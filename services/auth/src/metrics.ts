import { createMetrics } from '@mediai/kit/metrics';

export type AuthMetrics = ReturnType<typeof createAuthMetrics>;

/** Every series auth adds to those of the suite. */
export function createAuthMetrics() {
  const metrics = createMetrics('auth');
  return {
    ...metrics,
    logins: metrics.counter('auth_logins_total', 'Logins by outcome: ok, refus, attente (told to wait).', ['outcome']),
    refreshes: metrics.counter('auth_refreshes_total', 'Uses of refresh tokens by verdict: valid, grace, reused, refused.', ['verdict']),
  };
}
