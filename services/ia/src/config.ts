import { commonConfig, defineConfig, loadConfig as load, peerConfig, type ConfigOf } from '@mediai/kit/config';

// Nothing is cached here.
const { REDIS_URL: _redis, ...common } = commonConfig;

/** The key that stands for the sandbox instead of a vendor: answers obtained with it are marked SIMULATION. */
export const CLE_SIMULATION = 'simulation';

const cle = (vendor: string) => ({ type: 'string', secret: true, description: `${vendor}'s API key; without it that voice is off, \`${CLE_SIMULATION}\` is the sandbox (never in production).` } as const);
const baseUrl = (vendor: string) => ({ type: 'url', description: `Base URL of ${vendor}'s API, or of a server that speaks it; the vendor's own when absent.` } as const);

/** Configuration of the ia service, as data. */
export const configSchema = {
  ...common,
  CONSULTATION_GRPC: peerConfig.CONSULTATION_GRPC,
  ...defineConfig({
    OPENAI_API_KEY: cle('OpenAI'),
    OPENAI_BASE_URL: baseUrl('OpenAI'),
    OPENAI_MODEL: { type: 'string', default: 'gpt-6.1-sol', description: 'Model of the voice gpt4.' },
    ANTHROPIC_API_KEY: cle('Anthropic'),
    ANTHROPIC_BASE_URL: baseUrl('Anthropic'),
    ANTHROPIC_MODEL: { type: 'string', default: 'claude-sonnet-5-5', description: 'Model of the voice claude.' },
    GOOGLE_API_KEY: cle('Google'),
    GOOGLE_BASE_URL: baseUrl('Google'),
    GOOGLE_MODEL: { type: 'string', default: 'gemini-3.8-flash', description: 'Model of the voice gemini.' },
    IA_SYNTHESE_VOIX: { type: 'enum', values: ['openai', 'anthropic', 'google'], default: 'anthropic', description: 'Vendor that words the synthesis; another one does when its voice is off or gave no valid answer.' },
    IA_SIMULATION: { type: 'bool', default: false, description: 'Every voice is simulated, whatever its key: all that is stored says SIMULATION.' },
    IA_VOICE_TIMEOUT_MS: { type: 'int', default: 60_000, min: 100, max: 300_000, description: 'Most milliseconds that one call to a model may take.' },
    IA_ANALYSE_TIMEOUT_MS: { type: 'int', default: 600_000, min: 1_000, max: 3_600_000, description: 'Most milliseconds from the first attempt at an analysis to its end.' },
    IA_CONCURRENCY: { type: 'int', default: 4, min: 1, max: 64, description: 'Analyses at once in one process.' },
    IA_LEASE_MS: { type: 'int', default: 20_000, min: 1_000, max: 600_000, description: 'After so many milliseconds an analysis whose process died is taken up by another.' },
  }),
};

export type Config = ConfigOf<typeof configSchema>;

/** Reads `env`; throws ConfigError naming every fault at once. */
export function loadConfig(env: Record<string, string | undefined>): Config {
  return load(configSchema, env, check);
}

/** A simulation never runs beside real établissements. */
function check(config: Config): string[] {
  if (config.MEDIAI_MODE !== 'production') return [];
  const cles = (['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GOOGLE_API_KEY'] as const).filter((name) => config[name] === CLE_SIMULATION);
  return [...cles.map((name) => `${name} must be a real key when MEDIAI_MODE=production`), ...(config.IA_SIMULATION ? ['IA_SIMULATION must be false when MEDIAI_MODE=production'] : [])];
}
