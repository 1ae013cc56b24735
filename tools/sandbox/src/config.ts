import type { SandboxOptions } from './sandbox.ts';

const MODES = ['demo', 'test'];

/**
 * Read the sandbox's configuration.
 * @throws Error with one sentence, in French, that says what to set
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): SandboxOptions {
  const mode = env['MEDIAI_MODE'];
  if (!MODES.includes(mode ?? '')) {
    throw new Error(`Le bac à sable refuse de démarrer : MEDIAI_MODE doit valoir « demo » ou « test » (valeur : ${mode ? `« ${mode} »` : 'absente'}), une simulation ne tourne jamais à côté de vrais établissements.`);
  }
  return {
    host: env['SANDBOX_HOST'] || '127.0.0.1',
    port: readInt(env, 'SANDBOX_PORT', 65_535),
    latencyMs: readInt(env, 'SANDBOX_LATENCY_MS', 600_000),
    ...(env['SANDBOX_TWILIO_AUTH_TOKEN'] ? { twilioAuthToken: env['SANDBOX_TWILIO_AUTH_TOKEN'] } : {}),
  };
}

function readInt(env: Readonly<Record<string, string | undefined>>, nom: string, maximum: number): number {
  const brut = env[nom] || '0';
  const valeur = Number(brut);
  if (!Number.isInteger(valeur) || valeur < 0 || valeur > maximum) throw new Error(`${nom} doit être un entier entre 0 et ${maximum} (valeur : « ${brut} »).`);
  return valeur;
}
