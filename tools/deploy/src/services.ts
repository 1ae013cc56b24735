import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ConfigSchema } from '@mediai/kit/config';

/** The repository's root. */
export const root = resolve(import.meta.dirname, '../../..');

type Env = Record<string, string | undefined>;

/** A service as Kubernetes sees it: its name, its version, what configures it. */
export type Service = {
  name: string;
  version: string;
  schema: ConfigSchema;
  /** Its own check of a whole environment; throws ConfigError. */
  loadConfig: (env: Env) => unknown;
  hasDatabase: boolean;
};

/** Every folder of services/, in the order of their names. */
export async function readServices(): Promise<Service[]> {
  const folders = globSync('services/*/package.json', { cwd: root }).map((file) => basename(join(file, '..'))).sort();
  return Promise.all(folders.map(readService));
}

async function readService(name: string): Promise<Service> {
  const folder = join(root, 'services', name);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const { configSchema, loadConfig } = (await import(pathToFileURL(join(folder, 'src/config.ts')).href)) as { configSchema: ConfigSchema; loadConfig: Service['loadConfig'] };
  return { name, version, schema: configSchema, loadConfig, hasDatabase: 'DATABASE_URL' in configSchema };
}

const peerVariable = /^([A-Z]+)_GRPC$/;

/** The services that a service calls over gRPC: those whose address its configuration asks for. */
export const peersOf = ({ schema }: Pick<Service, 'schema'>): string[] =>
  Object.keys(schema).flatMap((variable) => peerVariable.exec(variable)?.[1]?.toLowerCase() ?? []);

/** Name of the Job that migrates to a version: a Job cannot be changed, and its name is part of names of hosts. */
export const migrationJob = ({ name, version }: Pick<Service, 'name' | 'version'>): string => `${name}-migrate-${version.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
