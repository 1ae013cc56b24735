type Base = {
  description: string;
  required?: boolean;
  secret?: boolean;
  /** Variables of the same group are set all together or not at all. */
  together?: string;
};

/** One variable of the environment, as data. A variable that is neither required nor has a default may be undefined. */
export type ConfigEntry =
  | (Base & { type: 'string'; default?: string; minLength?: number })
  | (Base & { type: 'int'; default?: number; min?: number; max?: number })
  | (Base & { type: 'number'; default?: number; min?: number; max?: number })
  | (Base & { type: 'bool'; default?: boolean })
  | (Base & { type: 'url'; default?: string })
  | (Base & { type: 'enum'; values: readonly string[]; default?: string })
  | (Base & { type: 'list'; default?: readonly string[] });

export type ConfigSchema = Record<string, ConfigEntry>;

type ValueOf<E extends ConfigEntry> = E extends { type: 'int' | 'number' }
  ? number
  : E extends { type: 'bool' }
    ? boolean
    : E extends { type: 'list' }
      ? string[]
      : E extends { type: 'enum'; values: readonly (infer V)[] }
        ? V
        : string;

type Presence<E extends ConfigEntry> = E extends { required: true } ? never : E extends { default: unknown } ? never : undefined;

/** The typed object `loadConfig` returns for a schema. */
export type ConfigOf<S extends ConfigSchema> = { [K in keyof S]: ValueOf<S[K]> | Presence<S[K]> };

/** Declares a schema; returns it unchanged, with its literal types. Readable without starting anything. */
export function defineConfig<const S extends ConfigSchema>(schema: S): S {
  return schema;
}

export type ConfigRow = { name: string; type: string; default: string; required: boolean; secret: boolean; description: string };

/** The schema as rows for the README's table, `.env.example` and ConfigMaps. `default` is '' when there is none. */
export function describeConfig(schema: ConfigSchema): ConfigRow[] {
  return Object.entries(schema).map(([name, entry]) => ({
    name,
    type: entry.type === 'enum' ? entry.values.join(' | ') : entry.type,
    default: entry.default === undefined ? '' : Array.isArray(entry.default) ? entry.default.join(',') : String(entry.default),
    required: entry.required ?? false,
    secret: entry.secret ?? false,
    description: entry.description,
  }));
}
