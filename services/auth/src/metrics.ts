import { createMetrics } from '@mediai/kit/metrics';

export type AuthMetrics = ReturnType<typeof createAuthMetrics>;

/** Every series auth adds to those of the suite. */
export function createAuthMetrics() {
  const metrics = createMetrics('auth');
  return {
    ...metrics,
    logins: metrics.counter('auth_logins_total', 'Logins by outcome: ok, refus, attente (told to wait).', ['outcome']),
    resetCodes: metrics.counter('auth_reset_codes_total', 'Codes for a forgotten password by outcome: envoye, sans_canal (no channel to the person), echec, abandonne (too many at once).', ['outcome']),
    refreshes: metrics.counter('auth_refreshes_total', 'Uses of refresh tokens by verdict: valid, grace, reused, refused.', ['verdict']),
  };
}
