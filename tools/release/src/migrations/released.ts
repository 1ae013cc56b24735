import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeJson } from '../repository.ts';

/** By released version, in their order: the migrations that were first in it, and the SHA-256 of each. */
export type Released = Record<string, Record<string, string>>;
export type Migration = { name: string; sql: string; sha256: string };

const prismaOf = (root: string, service: string): string => join(root, 'services', service, 'prisma');
const releasedFile = (root: string, service: string): string => join(prismaOf(root, service), 'released.json');

/** The services of a checkout that have migrations. */
export const servicesWithMigrations = (root: string): string[] => readdirSync(join(root, 'services')).filter((service) => existsSync(join(prismaOf(root, service), 'migrations'))).toSorted();

/** A service's migrations in the order in which they are applied. */
export function readMigrations(root: string, service: string): Migration[] {
  const folder = join(prismaOf(root, service), 'migrations');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).toSorted();
  return names.map((name) => {
    const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
    return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
}

/** What was released of a service's migrations; undefined while it never was. */
export function readReleased(root: string, service: string): Released | undefined {
  return existsSync(releasedFile(root, service)) ? readJson<Released>(releasedFile(root, service)) : undefined;
}

/** Keeps, with the release `version`, what is new among a service's migrations. */
export function renewReleased(root: string, service: string, version: string): void {
  const released = readReleased(root, service) ?? {};
  const known = new Set(Object.values(released).flatMap((one) => Object.keys(one)));
  const fresh = readMigrations(root, service).filter(({ name }) => !known.has(name));
  writeJson(releasedFile(root, service), { ...released, [version]: Object.fromEntries(fresh.map(({ name, sha256 }) => [name, sha256])) });
}

/** What was done to migrations that are released, and so may never change: a sentence each. */
export function historyFaults(service: string, migrations: Migration[], released: Released): string[] {
  const now = new Map(migrations.map(({ name, sha256 }) => [name, sha256]));
  const before = Object.entries(released).flatMap(([version, hashes]) => Object.entries(hashes).map(([name, sha256]) => ({ version, name, sha256 })));
  const last = before.map(({ name }) => name).toSorted().at(-1) ?? '';
  const known = new Set(before.map(({ name }) => name));
  return [
    ...before.filter(({ name }) => !now.has(name)).map(({ name, version }) => `${service}: ${name} was released in ${version} and is gone: put it back.`),
    ...before.filter(({ name, sha256 }) => now.has(name) && now.get(name) !== sha256).map(({ name, version }) => `${service}: ${name} was released in ${version} and has changed: put it back as it was, and write another migration.`),
    ...migrations.filter(({ name }) => !known.has(name) && name < last).map(({ name }) => `${service}: ${name} is new and stands before ${last}, which is released: give it a later time.`),
  ];
}
