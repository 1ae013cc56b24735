import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

type Dependency = { condition: 'service_started' | 'service_healthy' | 'service_completed_successfully' };
type Volume = string | { type: string; source: string };

/** What of a service of a compose file is looked at here. */
export type ComposeService = {
  image?: string;
  build?: { dockerfile: string; context: string };
  user?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  depends_on?: Record<string, Dependency>;
  networks?: string[];
  ports?: string[];
  expose?: string[];
  volumes?: Volume[];
  healthcheck?: object;
  restart?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  deploy?: { resources?: { limits?: { cpus?: string; memory?: string; pids?: number } } };
};

export type Compose = { services: Record<string, ComposeService>; networks?: Record<string, { internal?: boolean }>; volumes?: Record<string, unknown> };

/** Puts variables in as compose does: `${NAME}`, `${NAME:-default}`, `${NAME:?why}`, `$$`. Names what is missing in `missing`. */
export function interpolate(text: string, env: Record<string, string | undefined>, missing: Set<string>): string {
  return text.replace(/\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}/g, (all, name?: string, how?: string, rest = '') => {
    if (!name) return '$';
    if (env[name]) return env[name];
    if (how === '?') missing.add(name);
    return how === '-' ? rest : '';
  });
}

/** A value with variables put into every text in it. */
export function interpolateAll<T>(value: T, env: Record<string, string | undefined>, missing = new Set<string>()): T {
  if (typeof value === 'string') return interpolate(value, env, missing) as T;
  if (Array.isArray(value)) return value.map((item) => interpolateAll(item, env, missing)) as T;
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolateAll(item, env, missing)])) as T;
  return value;
}

/** Each `host:port` that the values of a container's environment name, this container itself left out. */
export function addressesIn(values: string[]): { host: string; port: string }[] {
  return values.flatMap((value) => [...value.matchAll(/(?:^|[/@,])([a-z][\w-]*):(\d{2,5})\b/g)].map(([, host = '', port = '']) => ({ host, port }))).filter(({ host }) => host !== 'localhost');
}

/** Why `from` cannot reach `host:port`, or nothing where it can. */
export function unreachable(compose: Compose, from: string, host: string, port: string): string | undefined {
  const target = compose.services[host];
  if (!target) return `${from} speaks to ${host}:${port}, and there is no ${host}`;
  if (!(target.expose ?? []).includes(port)) return `${from} speaks to ${host}:${port}, which is not exposed`;
  const shared = (compose.services[from]?.networks ?? []).some((network) => (target.networks ?? []).includes(network));
  return shared ? undefined : `${from} speaks to ${host}:${port} and shares no network with it`;
}

const isOneShot = (service: ComposeService): boolean => service.restart?.startsWith('on-failure') ?? false;

/** Names, networks, hosts and files of a suite's compose file that lead nowhere. @param folder where the file lies */
export function wiringFaults(compose: Compose, folder: string): string[] {
  return Object.entries(compose.services).flatMap(([name, service]) => [
    ...Object.entries(service.depends_on ?? {}).flatMap(([other, { condition }]) => {
      const target = compose.services[other];
      if (!target) return [`${name} depends on ${other}, which is not there`];
      if (condition === 'service_healthy' && !target.healthcheck) return [`${name} waits for ${other} to be healthy, which has no healthcheck`];
      if ((condition === 'service_completed_successfully') !== isOneShot(target)) return [`${name} waits for ${other} by ${condition}`];
      return [];
    }),
    ...(service.networks ?? []).filter((network) => !(network in (compose.networks ?? {}))).map((network) => `${name} is on ${network}, which is not there`),
    ...addressesIn(Object.values(service.environment ?? {}).map(String)).filter(({ host }) => host !== name).flatMap(({ host, port }) => unreachable(compose, name, host, port) ?? []),
    ...(service.volumes ?? []).flatMap((volume) => {
      const source = typeof volume === 'string' ? volume.split(':')[0]! : volume.source;
      if (/^[./]/.test(source)) return existsSync(resolve(folder, source)) ? [] : [`${name} mounts ${source}, which is not there`];
      return source in (compose.volumes ?? {}) ? [] : [`${name} mounts the volume ${source}, which is not declared`];
    }),
    ...(service.build && !existsSync(resolve(folder, service.build.context, service.build.dockerfile)) ? [`${name} is built from ${service.build.dockerfile}, which is not there`] : []),
  ]);
}

/** What a service of the suite lets a container do that it need not. */
export function hardeningFaults(compose: Compose): string[] {
  return Object.entries(compose.services).flatMap(([name, service]) => {
    const { cpus, memory, pids } = service.deploy?.resources?.limits ?? {};
    const tag = /:([^:/]+)$/.exec(service.image ?? '')?.[1];
    return Object.entries({
      'has no image of a stated version': !tag || !/\d+\.\d+/.test(tag),
      'may write to its root': service.read_only !== true,
      'keeps capabilities': service.cap_drop?.join() !== 'ALL',
      'may gain privileges': !service.security_opt?.includes('no-new-privileges:true'),
      'does not say that it runs as another than root': !service.user || /^(0|root)(:|$)/.test(service.user),
      'has no limits of CPU, memory and processes': !cpus || !memory || !pids,
      'has neither a healthcheck nor an end': !service.healthcheck && !isOneShot(service),
      'is published on every address': (service.ports ?? []).some((port) => !/^\d+\.\d+\.\d+\.\d+:/.test(port)),
      'is published and only on internal networks': Boolean(service.ports) && (service.networks ?? []).every((network) => compose.networks?.[network]?.internal),
    }).filter(([, wrong]) => wrong).map(([fault]) => `${name} ${fault}`);
  });
}

type Collector = {
  receivers: Record<string, unknown>;
  processors: Record<string, unknown>;
  exporters: Record<string, unknown>;
  extensions?: Record<string, unknown>;
  service: { extensions?: string[]; pipelines: Record<string, { receivers: string[]; processors?: string[]; exporters: string[] }> };
};

/** Components that a configuration of a collector (or of Jaeger, which is one) uses and does not define, or defines and does not use. */
export function collectorFaults(config: Collector): string[] {
  const pipelines = Object.values(config.service.pipelines);
  return (['receivers', 'processors', 'exporters', 'extensions'] as const).flatMap((kind) => {
    const used = new Set(kind === 'extensions' ? config.service.extensions : pipelines.flatMap((pipeline) => pipeline[kind] ?? []));
    const defined = new Set(Object.keys(config[kind] ?? {}));
    return [
      ...[...used].filter((name) => !defined.has(name)).map((name) => `${kind}: ${name} is used and not defined`),
      ...[...defined].filter((name) => !used.has(name)).map((name) => `${kind}: ${name} is defined and not used`),
    ];
  });
}
