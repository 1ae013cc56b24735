import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DCLinter } from 'dclint';
import { parse } from 'yaml';
import { loadConfig as load, migrationConfig } from '@mediai/kit/config';
import type { ConfigSchema } from '@mediai/kit/config';
import { root } from '../paths.ts';
import { databaseServices, serviceNames } from '../suite.ts';
import type { ServiceName } from '../suite.ts';
import { collectorFaults, hardeningFaults, interpolateAll, unreachable, wiringFaults } from './compose-faults.ts';
import type { Compose } from './compose-faults.ts';

const folder = join(root, 'deploy/docker');
const suiteFile = join(folder, 'compose.suite.yaml');
const read = <T>(file: string): T => parse(readFileSync(join(folder, file), 'utf8'), { merge: true }) as T;

/** What make-env.sh writes, read. */
function madeEnv(): Record<string, string> {
  const file = join(mkdtempSync(join(tmpdir(), 'mediai-env-')), '.env');
  execFileSync('sh', [join(folder, 'make-env.sh'), file], { stdio: 'pipe' });
  expect(statSync(file).mode & 0o077).toBe(0);
  return Object.fromEntries(readFileSync(file, 'utf8').split('\n').flatMap((line) => (/^\w+=/.test(line) ? [line.split(/=(.*)/s).slice(0, 2) as [string, string]] : [])));
}

const filledIn = {
  MEDIAI_PUBLIC_URL: 'https://mediai.exemple.cd', MEDIAI_URGENCE_TELEPHONE: '112', MEDIAI_RESPONSABLE_CLINIQUE: 'Dr Exemple', MEDIAI_CONSENTEMENT_IA: 'explicite',
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000', TWILIO_AUTH_TOKEN: 'jeton', TWILIO_WHATSAPP_FROM: 'whatsapp:+243810000000',
};
const raw = read<Compose>('compose.suite.yaml');
const suite = interpolateAll(raw, { ...madeEnv(), ...filledIn });

/** A copy of the suite's compose file with a fault in it. */
const spoilt = (spoil: (compose: Compose) => void): Compose => {
  const copy = structuredClone(suite);
  spoil(copy);
  return copy;
};

type ServiceConfig = { configSchema: ConfigSchema; loadConfig: (env: Record<string, string>) => unknown };
const configOf = (service: ServiceName) => import(pathToFileURL(join(root, 'services', service, 'src/config.ts')).href) as Promise<ServiceConfig>;
const envOf = (name: string): Record<string, string> => Object.fromEntries(Object.entries(suite.services[name]!.environment ?? {}).map(([key, value]) => [key, String(value)]));

/** What dclint's copy of the compose specification's JSON schema, and its rules about doubled names and ports, say of a file. */
const lint = (file: string): string[] => {
  const rules = { 'invalid-schema': 2, 'no-duplicate-container-names': 2, 'no-duplicate-exported-ports': 2, 'no-version-field': 2 };
  const results = new DCLinter({ rules, quiet: true, debug: false, exclude: [] }).lintFiles([file], false) as { messages: { rule: string; message: string }[] }[];
  return results.flatMap(({ messages }) => messages.filter(({ rule }) => rule in rules).map(({ message }) => message));
};

describe('compose files', () => {
  it('are what the compose specification allows', () => {
    expect([suiteFile, join(folder, 'compose.yaml')].flatMap(lint)).toEqual([]);
    const wrong = join(mkdtempSync(join(tmpdir(), 'mediai-compose-')), 'compose.yaml');
    writeFileSync(wrong, 'services:\n  a:\n    image: a:1.0\n    prots: ["1:1"]\n');
    expect(lint(wrong)).toHaveLength(1);
  });

  it('lead to services, networks, volumes and files that are there', () => {
    expect(wiringFaults(suite, folder)).toEqual([]);
  });

  it.each<[string, (compose: Compose) => void]>([
    ['auth depends on nobody, which is not there', ({ services }) => { services.auth!.depends_on = { nobody: { condition: 'service_started' } }; }],
    ['auth waits for otel-collector to be healthy, which has no healthcheck', ({ services }) => { services.auth!.depends_on = { 'otel-collector': { condition: 'service_healthy' } }; }],
    ['auth waits for migrate-auth by service_started', ({ services }) => { services.auth!.depends_on = { 'migrate-auth': { condition: 'service_started' } }; }],
    ['auth is on moon, which is not there', ({ services }) => { services.auth!.networks!.push('moon'); }],
    ['auth speaks to postgre:5432, and there is no postgre', ({ services }) => { services.auth!.environment!.DATABASE_URL = 'postgresql://a:b@postgre:5432/c'; }],
    ['auth speaks to redis:6380, which is not exposed', ({ services }) => { services.auth!.environment!.REDIS_URL = 'redis://:a@redis:6380'; }],
    ['gateway speaks to postgres:5432 and shares no network with it', ({ services }) => { services.gateway!.environment!.REDIS_URL = 'redis://postgres:5432'; }],
    ['grafana mounts ../nothing, which is not there', ({ services }) => { services.grafana!.volumes = ['../nothing:/etc/nothing:ro']; }],
    ['grafana mounts the volume nothing, which is not declared', ({ services }) => { services.grafana!.volumes = ['nothing:/var/lib/grafana']; }],
    ['auth is built from Dockerfile, which is not there', ({ services }) => { services.auth!.build = { context: '.', dockerfile: 'Dockerfile' }; }],
  ])('are refused when %s', (fault, spoil) => {
    expect(wiringFaults(spoilt(spoil), folder)).toContain(fault);
  });

  it('hold every container to what it needs', () => {
    // The collector's image has no program that could ask it.
    expect(hardeningFaults(suite)).toEqual(['otel-collector has neither a healthcheck nor an end']);
    expect(Object.entries(suite.services).filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['gateway', 'grafana']);
    const outside = (name: string) => suite.services[name]!.networks!.some((network) => !suite.networks![network]?.internal);
    expect(Object.keys(suite.services).filter(outside)).toEqual(['gateway', 'ia', 'notifications', 'grafana']);
  });

  it('are refused when a container is held to less', () => {
    const faults = hardeningFaults(spoilt(({ services }) => {
      services.ia = { image: 'ghcr.io/mediai/ia:latest', ports: ['8000:8000'], networks: ['mesh'] };
      services.auth!.user = '0:0';
    })).filter((fault) => !fault.startsWith('otel-collector'));
    expect(faults).toHaveLength(10);
    expect(faults).toContain('ia has no image of a stated version');
    expect(faults).toContain('auth does not say that it runs as another than root');
  });
});

describe('the configuration of the suite', () => {
  it.each(serviceNames)('%s takes all that it is given, and nothing that it needs is missing', async (service) => {
    const { configSchema, loadConfig } = await configOf(service);
    const env = envOf(service);
    expect(Object.keys(env).filter((name) => !(name in configSchema))).toEqual([]);
    expect(() => loadConfig(env)).not.toThrow();
    for (const [name, { required }] of Object.entries(configSchema)) {
      if (required) expect(() => loadConfig({ ...env, [name]: '' })).toThrow(`${name} is required`);
    }
  });

  it('begins every database service after the migration of the same image', () => {
    for (const service of databaseServices) {
      const migration = suite.services[`migrate-${service}`]!;
      expect(migration.image).toBe(suite.services[service]!.image);
      expect(migration.command).toEqual(['node', 'dist/migrate.js']);
      expect(() => load(migrationConfig, envOf(`migrate-${service}`))).not.toThrow();
      expect(Object.keys(envOf(`migrate-${service}`)).filter((name) => !(name in migrationConfig))).toEqual([]);
      expect(suite.services[service]!.depends_on).toHaveProperty(`migrate-${service}`);
      expect(envOf(`migrate-${service}`).DATABASE_OWNER_URL).toMatch(new RegExp(`//mediai_${service}_owner:[0-9a-f]{64}@postgres:5432/mediai_${service}$`));
      expect(envOf(service).DATABASE_URL).toMatch(new RegExp(`//mediai_${service}_app:[0-9a-f]{64}@postgres:5432/mediai_${service}$`));
    }
  });

  it('has no secret of its own: each is made by make-env.sh, anew each time, or asked for', () => {
    const named = /PASSWORD|SECRET|TOKEN|KEY|AUTH$|(?:DATABASE|OWNER|REDIS|SMTP)_URL$/;
    const literal = Object.entries(raw.services).flatMap(([name, { environment = {} }]) => Object.entries(environment).filter(([key, value]) => named.test(key) && !String(value).includes('${')).map(([key]) => `${name}: ${key}`));
    expect(literal).toEqual([]);
    const missing = new Set<string>();
    interpolateAll(raw, {}, missing);
    const [one, other] = [madeEnv(), madeEnv()];
    expect([...missing].filter((name) => !one[name]).toSorted()).toEqual(Object.keys(filledIn).toSorted());
    for (const [name, value] of Object.entries(one)) if (value) expect(other[name]).not.toBe(value);
  });

  it('is not written over: the databases know its passwords', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'mediai-env-')), '.env');
    writeFileSync(file, 'A=1\n');
    expect(() => execFileSync('sh', [join(folder, 'make-env.sh'), file], { stdio: 'pipe' })).toThrow('is left as it is');
    expect(readFileSync(file, 'utf8')).toBe('A=1\n');
  });
});

describe('what watches the suite', () => {
  type Scraping = { rule_files: string[]; scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[] };
  type Sources = { datasources: { uid: string; url: string; jsonData?: { exemplarTraceIdDestinations?: { datasourceUid: string }[] } }[] };
  const hostOf = (address: string) => address.replace('http://', '').split(':') as [string, string];

  it('asks every service for its metrics, by its name, where it can reach it', () => {
    const { scrape_configs: jobs } = read<Scraping>('../prometheus/prometheus.yml');
    const targets = jobs.flatMap(({ job_name: job, dns_sd_configs: found }) => found.flatMap(({ names, port }) => names.map((host) => ({ job, host, port }))));
    for (const service of serviceNames) expect(targets).toContainEqual({ job: service, host: service, port: 9464 });
    expect(targets.flatMap(({ host, port }) => unreachable(suite, 'prometheus', host, String(port)) ?? [])).toEqual([]);
    expect(unreachable(suite, 'prometheus', 'postgres', '5432')).toBeDefined();
    expect(readdirSync(join(root, 'deploy/prometheus/rules')).length).toBeGreaterThan(0);
  });

  it('shows in Grafana what Prometheus and Jaeger hold, and leads from an exemplar to its trace', () => {
    const { datasources } = interpolateAll(read<Sources>('../grafana/provisioning/datasources/mediai.yaml'), envOf('grafana'));
    expect(datasources.flatMap(({ url }) => unreachable(suite, 'grafana', ...hostOf(url)) ?? [])).toEqual([]);
    const uids = datasources.map(({ uid }) => uid);
    expect(uids).toHaveLength(2);
    for (const { jsonData } of datasources) for (const { datasourceUid } of jsonData?.exemplarTraceIdDestinations ?? []) expect(uids).toContain(datasourceUid);
    expect(suite.services.prometheus!.command).toContain('--enable-feature=exemplar-storage');
  });

  it('finds its dashboards where Grafana looks for them', () => {
    const { providers } = read<{ providers: { options: { path: string } }[] }>('../grafana/provisioning/dashboards/mediai.yaml');
    const places = suite.services.grafana!.volumes!.map((volume) => String(volume).split(':')[1]);
    for (const { options } of providers) expect(places).toContain(options.path);
    const home = envOf('grafana').GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH!;
    expect(readdirSync(join(root, 'deploy/grafana/dashboards'))).toContain(home.split('/').at(-1));
  });

  it('brings spans to Jaeger through components that are defined', () => {
    type Collector = Parameters<typeof collectorFaults>[0];
    const collector = read<Collector>('otel-collector/config.yaml');
    expect([collector, read<Collector>('jaeger/config.yaml')].flatMap(collectorFaults)).toEqual([]);
    const { endpoint } = collector.exporters.otlp_grpc as { endpoint: string };
    expect(unreachable(suite, 'otel-collector', ...hostOf(endpoint))).toBeUndefined();
    collector.service.pipelines.traces!.processors!.push('tail');
    expect(collectorFaults(collector)).toEqual(['processors: tail is used and not defined']);
  });

  it('keeps every trace that failed or was slow', () => {
    const { processors } = read<{ processors: { tail_sampling: { policies: { type: string; status_code?: object; latency?: object }[] } } }>('otel-collector/config.yaml');
    const { policies } = processors.tail_sampling;
    expect(policies.map(({ type }) => type)).toEqual(['status_code', 'latency', 'probabilistic']);
    expect(policies[0]!.status_code).toEqual({ status_codes: ['ERROR'] });
  });
});
