import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.ts';

export type Workspace = { name: string; version: string; description: string; folder: string; dependencies: string[] };
export type Workspaces = Map<string, Workspace>;

/** The repository's workspaces, by name. */
export function readWorkspaces(): Workspaces {
  const files = globSync('{packages,services,tools}/*/package.json', { cwd: root }).sort();
  return new Map(files.map((file) => {
    const { name, version, description, dependencies } = JSON.parse(readFileSync(join(root, file), 'utf8')) as Omit<Workspace, 'dependencies'> & { dependencies?: Record<string, string> };
    return [name, { name, version, description, folder: file.replace('/package.json', ''), dependencies: Object.keys(dependencies ?? {}) }];
  }));
}

/** A workspace and all that it runs on in this repository, sorted by folder. Throws for an unknown name. */
export function productionWorkspaces(name: string, workspaces: Workspaces): Workspace[] {
  const found = new Map<string, Workspace>();
  const visit = (wanted: string): void => {
    const workspace = workspaces.get(wanted);
    if (!workspace) throw new Error(`${wanted} is no workspace`);
    if (found.has(wanted)) return;
    found.set(wanted, workspace);
    workspace.dependencies.filter((dependency) => dependency.startsWith('@mediai/')).forEach(visit);
  };
  visit(name);
  return [...found.values()].sort((a, b) => a.folder.localeCompare(b.folder));
}
