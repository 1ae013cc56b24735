/** Writes .env.example and the README's table of configuration from the services' own schemas. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ConfigRow, ConfigSchema } from '@mediai/kit/config';
import { root } from './paths.ts';
import { serviceNames } from './suite.ts';

export type Documented = ConfigRow & { services: string[] };

/** Variables of the launcher itself. */
const launcher: Documented[] = [
  ['POSTGRES_URL', 'A superuser\'s URL of a PostgreSQL 15 or newer, used in place of the embedded one.', true],
  ['REDIS_URL', 'A Redis, used in place of the suite\'s own.', true],
  ['KAFKA_BROKERS', 'Kafka brokers, host:port, comma-separated, used in place of the suite\'s own.', false],
  ['MEDIAI_DEMO_PASSWORD', 'Password of the demonstration accounts.', true],
].map(([name, description, secret]) => ({ name, description, secret, type: 'string', default: name === 'MEDIAI_DEMO_PASSWORD' ? 'demo-mediai' : '', required: false, services: ['npm start'] }) as Documented);

/** Variables that `npm start` sets for each service by itself: in `.env.example` they are left out. */
const setByLauncher = /^(MEDIAI_MODE|(GRPC|INTERNAL)_(HOST|PORT)|GATEWAY_PORT|DATABASE_URL|KAFKA_BROKERS|REDIS_URL|SERVICE_SECRET|\w+_GRPC|AUTH_SERVICE_SECRETS|AUTH_KEY_SECRET|SANDBOX_URL|TWILIO_\w+)$/;

/** Rows of several services merged by name; a row keeps the first service's words. */
export function mergeRows(byService: Record<string, ConfigRow[]>): Documented[] {
  const merged = new Map<string, Documented>();
  for (const [service, rows] of Object.entries(byService)) {
    for (const row of rows) {
      const known = merged.get(row.name);
      if (known) known.services.push(service);
      else merged.set(row.name, { ...row, services: [service] });
    }
  }
  return [...merged.values()];
}

/** The README's table. */
export function tableOf(rows: Documented[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const line = (row: Documented) => {
    const fallback = row.default ? `\`${cell(row.default)}\`` : row.required ? 'required' : '';
    const services = row.services.length >= serviceNames.length ? 'all' : row.services.join(', ');
    return `| \`${row.name}\` | ${cell(row.type)}${row.secret ? ', secret' : ''} | ${fallback} | ${services} | ${cell(row.description)} |`;
  };
  return ['| variable | type | default | read by | meaning |', '|---|---|---|---|---|', ...rows.map(line)].join('\n');
}

/** `.env.example`: what a person may set for `npm start`, every line commented out. */
export function exampleOf(rows: Documented[]): string {
  const blocks = rows.map((row) => `# ${row.description}\n# ${row.name}=${row.secret && row.default === '' ? '' : row.default}`);
  return `# Copy to .env and uncomment what you change; "npm start" reads it. Written by "npm run generate", not edited by hand.\n\n${blocks.join('\n\n')}\n`;
}

/** A text with what stands between two markers replaced. */
export function between(text: string, name: string, content: string): string {
  return text.replace(new RegExp(`(<!-- ${name}:begin -->)[\\s\\S]*?(<!-- ${name}:end -->)`), (_all, begin: string, end: string) => `${begin}\n${content}\n${end}`);
}

/** Each service's configuration, as rows. */
export async function readSchemas(): Promise<Record<string, ConfigRow[]>> {
  const { describeConfig } = await import('@mediai/kit/config');
  const found: Record<string, ConfigRow[]> = {};
  for (const service of serviceNames) {
    const file = join(root, 'services', service, 'src/config.ts');
    if (!existsSync(file)) throw new Error(`services/${service}/src/config.ts is missing`);
    const { configSchema } = (await import(pathToFileURL(file).href)) as { configSchema: ConfigSchema };
    found[service] = describeConfig(configSchema);
  }
  return found;
}

if (import.meta.main) {
  const rows = mergeRows(await readSchemas());
  const own = new Set(launcher.map(({ name }) => name));
  writeFileSync(join(root, '.env.example'), exampleOf([...launcher, ...rows.filter((row) => !setByLauncher.test(row.name) && !own.has(row.name))]));
  const readme = join(root, 'README.md');
  writeFileSync(readme, between(readFileSync(readme, 'utf8'), 'configuration', tableOf(rows)));
}
