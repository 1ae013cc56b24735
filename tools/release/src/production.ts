import { ancestors, readJson } from './repository.ts';

/** What package-lock.json says of one folder of node_modules or of a workspace. */
export type LockEntry = {
  name?: string;
  version?: string;
  license?: string;
  integrity?: string;
  link?: boolean;
  resolved?: string;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
};
export type Lock = { packages: Record<string, LockEntry> };

export type Installed = LockEntry & {
  /** Its folder, from the root. */
  path: string;
  name: string;
  version: string;
  /** The folders of what it needs itself. */
  needs: string[];
};

export const readLock = (root: string): Lock => readJson<Lock>(root, 'package-lock.json');

/** Where the images run: what npm leaves out there is no part of them. */
const image = { os: 'linux', cpu: ['x64', 'arm64'], libc: 'glibc' };
const admits = (list: string[] | undefined, wanted: string): boolean => !list || list.includes(wanted) || (list.every((word) => word.startsWith('!')) && !list.includes(`!${wanted}`));
const runsInImage = ({ os, cpu, libc }: LockEntry): boolean => admits(os, image.os) && image.cpu.some((one) => admits(cpu, one)) && admits(libc, image.libc);

/**
 * Everything that a workspace needs to run, by the lock file: dependencies, what they need in turn, the workspaces among
 * them, and itself first; nothing that only its tests or its build use. An optional package for another system than
 * the images' is left out. @throws Error where the lock file lacks a needed package
 */
export function productionOf(lock: Lock, folder: string): Installed[] {
  const found = new Map<string, Installed>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    const entry = entryAt(lock, path);
    const one: Installed = { ...entry, path, name: entry.name ?? nameIn(path), version: entry.version ?? '', needs: [] };
    found.set(path, one);
    one.needs = needed(entry).flatMap(({ name, optional }) => {
      const at = find(lock, path, name);
      if (at === undefined && !optional) throw new Error(`package-lock.json has no ${name}, which ${path} needs: run "npm install".`);
      return at === undefined || !runsInImage(entryAt(lock, at)) ? [] : [at];
    });
    one.needs.forEach(visit);
  };
  visit(folder);
  return [...found.values()];
}

function entryAt(lock: Lock, path: string): LockEntry {
  const entry = lock.packages[path];
  if (!entry) throw new Error(`package-lock.json has no ${path}: run "npm install".`);
  return entry;
}

const nameIn = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

function needed({ dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} }: LockEntry): { name: string; optional: boolean }[] {
  return [
    ...Object.keys(dependencies).map((name) => ({ name, optional: name in optionalDependencies })),
    ...Object.keys(optionalDependencies).map((name) => ({ name, optional: true })),
    ...Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional).map((name) => ({ name, optional: false })),
  ];
}

/** The folder that Node would take `name` from, seen from `path`; a workspace's own folder where a link stands. */
function find(lock: Lock, path: string, name: string): string | undefined {
  const at = ancestors(path)
    .filter((folder) => !folder.endsWith('node_modules'))
    .map((folder) => (folder ? `${folder}/node_modules/${name}` : `node_modules/${name}`))
    .find((candidate) => candidate in lock.packages);
  return at !== undefined && lock.packages[at]?.link ? lock.packages[at].resolved : at;
}
