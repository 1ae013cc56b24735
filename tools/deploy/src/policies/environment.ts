import { describeConfig, migrationConfig, type ConfigSchema } from '@mediai/kit/config';
import type { KubeObject } from '../render.ts';
import type { Service } from '../services.ts';
import { migrationPods, servicePods, serviceOf, type Policy, type Workload } from './workloads.ts';

export type Environment = {
  /** What the process gets; of a secret that is not in the rendering, a stand-in. */
  values: Record<string, string>;
  /** Names of Secrets that are referred to and not in the rendering, by variable. */
  secrets: Record<string, { name: string; key: string; optional: boolean }>;
  faults: string[];
};

/** Of the image itself. */
const ofTheImage = new Set(['NODE_ENV', 'NODE_OPTIONS']);

/** A value that a secret of this form may have. */
const standIns: Record<string, string> = { AUTH_SERVICE_SECRETS: 'gateway=0123456789abcdef', SMTP_URL: 'smtps://essai:essai@smtp.example.org:465' };
function standIn(schema: ConfigSchema, name: string): string {
  return standIns[name] ?? (schema[name]?.type === 'url' ? 'https://secret.example.org/essai' : 'secret-'.repeat(8));
}

const schemaOf = (workload: Workload, services: readonly Service[]): ConfigSchema =>
  workload.labels['app.kubernetes.io/component'] === 'migration' ? migrationConfig : (services.find(({ name }) => name === serviceOf(workload))?.schema ?? {});

/** The environment of a service's or a migration's container, read from the ConfigMaps and Secrets of the rendering. */
export function environmentOf(workload: Workload, objects: readonly KubeObject[], services: readonly Service[]): Environment {
  const schema = schemaOf(workload, services);
  const [container] = workload.pod.containers;
  const { values, secrets, faults }: Environment = { values: {}, secrets: {}, faults: [] };
  const find = (kind: string, name: string) => objects.find((object) => object.kind === kind && object.metadata.name === name);
  for (const { configMapRef, secretRef } of container?.envFrom ?? []) {
    if (secretRef) faults.push(`${workload.title} takes every key of Secret ${secretRef.name}: name each`);
    const map = configMapRef && find('ConfigMap', configMapRef.name);
    if (configMapRef && !map) faults.push(`${workload.title} refers to ConfigMap ${configMapRef.name}, which is not there`);
    Object.assign(values, map?.['data']);
  }
  for (const { name, value, valueFrom } of container?.env ?? []) {
    const reference = valueFrom?.secretKeyRef as { name: string; key: string; optional?: boolean } | undefined;
    if (value !== undefined) values[name] = value;
    if (!reference) continue;
    const rendered = find('Secret', reference.name);
    const data = rendered?.['data']?.[reference.key] as string | undefined;
    if (data !== undefined) values[name] = Buffer.from(data, 'base64').toString();
    else secrets[name] = { ...reference, optional: reference.optional ?? false };
    if (rendered && data === undefined && !reference.optional) faults.push(`${workload.title} refers to key ${reference.key} of Secret ${reference.name}, which is not in it`);
  }
  for (const [name, { optional }] of Object.entries(secrets)) if (!optional || isWanted(schema, name, values)) values[name] = standIn(schema, name);
  return { values, secrets, faults };
}

/** Whether an optional secret must be there because its companions are. */
function isWanted(schema: ConfigSchema, name: string, values: Record<string, string>): boolean {
  const group = schema[name]?.together;
  return group !== undefined && Object.entries(schema).some(([other, entry]) => entry.together === group && values[other] !== undefined);
}

/** Every variable is one that the service's schema knows, no secret lies open, and the service itself takes the whole. */
export const configured: Policy = (objects, services) => [...servicePods(objects), ...migrationPods(objects)].flatMap((workload) => {
  const schema = schemaOf(workload, services);
  const { values, secrets, faults } = environmentOf(workload, objects, services);
  const rendered = new Set(objects.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name));
  const references = workload.pod.containers.flatMap(({ env = [] }) => env.filter(({ valueFrom }) => valueFrom?.secretKeyRef).map(({ name }) => name));
  const isMigration = schema === migrationConfig;
  const expected = `${serviceOf(workload)}${isMigration ? '-migrate' : ''}`;
  for (const name of Object.keys(values)) if (!(name in schema) && !ofTheImage.has(name)) faults.push(`${workload.title} sets ${name}, which ${serviceOf(workload)} does not know`);
  for (const { name, secret } of describeConfig(schema)) {
    if (secret && values[name] !== undefined && !references.includes(name)) faults.push(`${workload.title} has the secret ${name} outside of a Secret`);
    if (secret && !references.includes(name)) faults.push(`${workload.title} does not refer to the secret ${name}`);
  }
  for (const [variable, { name }] of Object.entries(secrets)) if (name !== expected && !rendered.has(name)) faults.push(`${workload.title} has ${variable} from Secret ${name}, not from ${expected}`);
  return [...faults, ...refusals(workload, values, services, isMigration)];
});

function refusals(workload: Workload, values: Record<string, string>, services: readonly Service[], isMigration: boolean): string[] {
  const service = services.find(({ name }) => name === serviceOf(workload));
  if (isMigration) return describeConfig(migrationConfig).filter(({ name, required }) => required && !values[name]).map(({ name }) => `${workload.title} is not given ${name}`);
  try {
    service?.loadConfig(values);
    return service ? [] : [`${workload.title} is of no service`];
  } catch (error) {
    return ((error as { faults?: string[] }).faults ?? [String(error)]).map((fault) => `${workload.title} would not start: ${fault}`);
  }
}

/** A variable that several services read says the same to all of them, where it is not about the process itself. */
export const agreed: Policy = (objects, services) => {
  const said = new Map<string, Map<string, string[]>>();
  for (const workload of [...servicePods(objects), ...migrationPods(objects)]) {
    const { values, secrets } = environmentOf(workload, objects, services);
    for (const [name, value] of Object.entries(values)) {
      if (secrets[name] || /^(DATABASE_|SERVICE_SECRET|LOG_LEVEL)/.test(name)) continue;
      const byValue = said.get(name) ?? said.set(name, new Map()).get(name);
      byValue?.set(value, [...(byValue.get(value) ?? []), workload.title]);
    }
  }
  return [...said].filter(([, byValue]) => byValue.size > 1).map(([name, byValue]) => `${name} differs: ${[...byValue].map(([value, titles]) => `${value} (${titles.join(', ')})`).join(' and ')}`);
};
