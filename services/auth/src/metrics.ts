import { createMetrics } from '@mediai/kit/metrics';

export type AuthMetrics = ReturnType<typeof createAuthMetrics>;

/** Every series auth adds to those of the suite. */
export function createAuthMetrics(version?: string) {
  const metrics = createMetrics('auth', version);
  return {
    ...metrics,
    logins: metrics.counter('auth_logins_total', 'Logins by outcome: ok, refus, attente (told to wait).', ['outcome']),
    resetCodes: metrics.counter('auth_reset_codes_total', 'Codes for a forgotten password by outcome: envoye, sans_canal (no channel to the person), echec, abandonne (too many at once).', ['outcome']),
    signingKeyAge: metrics.gauge('signing_key_age_seconds', 'Since when the present key signs access tokens.'),
    signingKeyMaxAge: metrics.gauge('signing_key_max_age_seconds', 'Age at which the next key takes over; 0 where only a command replaces it.'),
    revocationsActive: metrics.gauge('revocations_active', 'Revocations that the services keep in memory.'),
    refreshes: metrics.counter('auth_refreshes_total', 'Uses of refresh tokens by verdict: valid, grace, reused, refused.', ['verdict']),
  };
}
