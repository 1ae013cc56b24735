import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.ts';
import type { ServiceName } from '../suite.ts';
import type { ImageConfig } from './engine.ts';

export type ImageFile = { path: string; bytes: number };

/** Most that an image may add to its base: 250 MB. */
export const limitBytes = 250e6;

/** A program for Node that prints every file of the container it runs in, as JSON, without what the kernel shows. */
export const listing = `
const { readdirSync, statSync } = require('node:fs');
const files = [];
const visit = (folder) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = folder === '/' ? '/' + entry.name : folder + '/' + entry.name;
    if (['/proc', '/sys', '/dev'].includes(path)) continue;
    if (entry.isDirectory()) visit(path);
    else if (entry.isFile()) files.push({ path, bytes: statSync(path).size });
  }
};
visit('/');
console.log(JSON.stringify(files));`;

/** Bytes of all files that the base has not. */
export function bytesAbove(base: ImageFile[], image: ImageFile[]): number {
  const sum = (files: ImageFile[]) => files.reduce((total, { bytes }) => total + bytes, 0);
  return sum(image) - sum(base);
}

type Lock = { packages: Record<string, { dev?: boolean }> };

/** The packages that the lock file keeps for building and testing alone, by their folder below the root. */
export function developmentPackages(lock: Lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock): string[] {
  return Object.entries(lock.packages).filter(([folder, { dev }]) => dev && /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(folder)).map(([folder]) => folder);
}

const own = '/app/(?:packages|services)/[^/]+/(?!node_modules/)';

/** What no image may hold: by the path of a file, and why. */
const forbidden: [RegExp, string][] = [
  [new RegExp(`^${own}.*\\.(?:test|memory|faults)\\.`), 'is a test or serves tests'],
  [new RegExp(`^${own}(?:src/|tsconfig|jest\\.config|prisma\\.config)`), 'is source'],
  [/^\/app\/.*\.(?:ts|mts|cts)$/, 'is source or types'],
  [/^\/app\/(?!packages\/|services\/|node_modules\/)/, 'belongs to no workspace'],
  [/^\/app\/(?:packages\/testing|tools|e2e|bench)\//, 'belongs to tests and tools'],
  [/\/\.git(?:\/|$)|\/\.env(?:\.|$)|\/\.npmrc$|\/\.npm\//, 'is of a checkout or of a person'],
  [/^\/app\/.*\.(?:pem|key|p12|pfx|jks)$/, 'looks like a key'],
];

/** The files that an image may not hold, each with its reason. @param development folders as `developmentPackages` gives them */
export function contentFaults(files: ImageFile[], development: string[]): string[] {
  const unwanted = new Set(development);
  return files.flatMap(({ path }) => {
    const [, folder] = /^\/app\/(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    if (folder && unwanted.has(folder)) return [`${path} is of a package for development`];
    return forbidden.filter(([pattern]) => pattern.test(path)).map(([, why]) => `${path} ${why}`);
  });
}

/** The files that a service cannot do without, of which the image has none. */
export function missingFiles(service: ServiceName, files: ImageFile[], hasDatabase: boolean): string[] {
  const app = `/app/services/${service}/`;
  const wanted = [`${app}dist/main.js`, `${app}package.json`, ...(hasDatabase ? [`${app}dist/migrate.js`, `${app}prisma/schema/datasource.prisma`] : [])];
  const paths = new Set(files.map(({ path }) => path));
  const missing = wanted.filter((path) => !paths.has(path));
  if (hasDatabase && !files.some(({ path }) => path.startsWith(`${app}prisma/migrations/`) && path.endsWith('.sql'))) missing.push(`${app}prisma/migrations/…sql`);
  return missing.map((path) => `${path} is missing`);
}

/** What is wrong with what an image says of itself. */
export function configFaults(service: ServiceName, version: string, config: ImageConfig): string[] {
  const faults: string[] = [];
  if (!/^65532(:65532)?$/.test(config.user)) faults.push(`its user is "${config.user}", not 65532`);
  if (config.workingDir !== `/app/services/${service}`) faults.push(`it begins in ${config.workingDir}`);
  if (config.command.join(' ') !== 'node dist/main.js') faults.push(`it runs "${config.command.join(' ')}"`);
  if (config.labels['org.opencontainers.image.version'] !== version) faults.push(`its label says version "${config.labels['org.opencontainers.image.version']}", not ${version}`);
  const known = /^(PATH|NODE_\w+|SSL_CERT_FILE|npm_config_\w+)=/;
  faults.push(...config.env.filter((variable) => !known.test(variable)).map((variable) => `it carries the variable ${variable.split('=')[0]}`));
  return faults;
}
