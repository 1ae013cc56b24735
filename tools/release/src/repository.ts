import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The repository this file is part of: its tools serve any checkout that is named by `root`. */
export const ownRoot = resolve(import.meta.dirname, '../../..');

/** What is released by a version of its own. */
export const services = ['gateway', 'auth', 'consultation', 'ia', 'appointments', 'notifications'] as const;
export type Service = (typeof services)[number];
export type Unit = Service | 'proto';
export const units: readonly Unit[] = [...services, 'proto'];

export const isUnit = (name: string | undefined): name is Unit => (units as readonly string[]).includes(name ?? '');
export const isService = (name: string): name is Service => (services as readonly string[]).includes(name);

/** Where a unit lives, from the root, and its name in changesets. */
export const folderOf = (unit: Unit): string => (unit === 'proto' ? 'proto' : `services/${unit}`);
export const packageOf = (unit: Unit): string => `@mediai/${unit}`;
export const tagOf = (unit: Unit, version: string): string => `${unit}@${version}`;

/** A program's standard output. @throws Error with what it said when it ends with anything but 0 */
export async function output(root: string, command: string, args: string[]): Promise<string> {
  try {
    return (await run(command, args, { cwd: root, maxBuffer: 256 * 1024 * 1024 })).stdout;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    throw new Error(`${command} ${args[0] ?? ''}: ${`${stdout}${stderr}`.trim() || message}`, { cause: error });
  }
}

export const git = (root: string, ...args: string[]): Promise<string> => output(root, 'git', args);

/** A tool that this repository's packages bring, by its full path. */
export const tool = (name: string): string => join(ownRoot, 'node_modules/.bin', name);

export function readJson<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8')) as T;
}

export function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** The version that a unit's package.json states: of its last release, or the one it began with. */
export const versionOf = (root: string, unit: Unit): string => readJson<{ version: string }>(root, folderOf(unit), 'package.json').version;

/** Every folder from `path` up to the root of the repository (''), nearest first. */
export function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === '.' || parent === path ? [path, ''] : [path, ...ancestors(parent)];
}
