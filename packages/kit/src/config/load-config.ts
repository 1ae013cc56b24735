import type { ConfigEntry, ConfigOf, ConfigSchema } from './schema.ts';

type Env = Record<string, string | undefined>;
const booleans = new Map(Object.entries({ true: true, on: true, 1: true, false: false, off: false, 0: false }));

type Parsed = { value: unknown } | { fault: string };

/** Every fault of a configuration, at once. Names variables and, unless they are secret, quotes their values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: string[];

  constructor(faults: string[]) {
    super(`Invalid configuration:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/**
 * Reads `env` by `schema`; an empty string counts as absent. `check` may add faults about several variables together
 * (it runs only when each is well-formed by itself). Throws ConfigError listing every fault.
 */
export function loadConfig<S extends ConfigSchema>(schema: S, env: Env, check?: (config: ConfigOf<S>) => string[]): ConfigOf<S> {
  const faults: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(schema)) {
    const parsed = parse(entry, env[name]?.trim());
    if ('fault' in parsed) faults.push(`${name} ${parsed.fault}`);
    else config[name] = parsed.value;
  }
  faults.push(...loneVariables(schema, config));
  if (faults.length === 0) faults.push(...(check?.(config as ConfigOf<S>) ?? []));
  if (faults.length > 0) throw new ConfigError(faults);
  return config as ConfigOf<S>;
}

function parse(entry: ConfigEntry, text: string | undefined): Parsed {
  if (text === undefined || text === '') {
    if (entry.default === undefined && entry.required) return { fault: `is required (${expected(entry)}): ${entry.description}` };
    return { value: Array.isArray(entry.default) ? [...entry.default] : entry.default };
  }
  const value = convert(entry, text);
  if (value !== undefined) return { value };
  return { fault: `must be ${expected(entry)}${entry.secret ? '' : `, not "${text}"`}` };
}

/** A fault for each group of which some variables are set and others not. */
function loneVariables(schema: ConfigSchema, config: Record<string, unknown>): string[] {
  const groups = Object.groupBy(Object.entries(schema), ([, { together }]) => together ?? '');
  return Object.entries(groups).flatMap(([group, entries = []]) => {
    const absent = entries.map(([name]) => name).filter((name) => config[name] === undefined);
    if (group === '' || absent.length === 0 || absent.length === entries.length) return [];
    return `${absent.join(', ')} must be set as well: ${entries.map(([name]) => name).join(', ')} go together`;
  });
}

function convert(entry: ConfigEntry, text: string): unknown {
  switch (entry.type) {
    case 'string':
      return text.length >= (entry.minLength ?? 0) ? text : undefined;
    case 'int': {
      const number = /^-?\d+$/.test(text) ? Number(text) : NaN;
      return Number.isSafeInteger(number) && number >= (entry.min ?? -Infinity) && number <= (entry.max ?? Infinity) ? number : undefined;
    }
    case 'number': {
      const number = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
      return number >= (entry.min ?? -Infinity) && number <= (entry.max ?? Infinity) ? number : undefined;
    }
    case 'bool':
      return booleans.get(text.toLowerCase());
    case 'url':
      return URL.canParse(text) ? text : undefined;
    case 'enum':
      return entry.values.includes(text) ? text : undefined;
    case 'list': {
      const items = text.split(',').map((item) => item.trim()).filter((item) => item !== '');
      return items.length > 0 ? items : undefined;
    }
  }
}

function expected(entry: ConfigEntry): string {
  switch (entry.type) {
    case 'string':
      return entry.minLength ? `a text of at least ${entry.minLength} characters` : 'a text';
    case 'int':
    case 'number':
      return `a ${entry.type === 'int' ? 'whole number' : 'number'}${entry.min === undefined ? '' : ` from ${entry.min}`}${entry.max === undefined ? '' : ` up to ${entry.max}`}`;
    case 'bool':
      return 'true or false';
    case 'url':
      return 'a URL';
    case 'enum':
      return `one of ${entry.values.join(', ')}`;
    case 'list':
      return 'a comma-separated list';
  }
}
