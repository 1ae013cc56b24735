import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse, stringify } from 'yaml';
import { root } from '../paths.ts';

export const k8sDir = join(root, 'deploy/k8s');

type Kustomization = { kind: string; components?: string[] };

const readKustomization = (dir: string): Kustomization => parse(readFileSync(join(dir, 'kustomization.yaml'), 'utf8')) as Kustomization;

const foldersOf = (dir: string): string[] => readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory() && existsSync(join(dir, entry.name, 'kustomization.yaml'))).map(({ name }) => name).sort();

/** The overlays of deploy/k8s. */
export const overlays = (): string[] => foldersOf(join(k8sDir, 'overlays'));

/** Every set of components that makes sense: each alone, and one that stands inside of another after it. */
export function componentSets(): string[][] {
  const components = join(k8sDir, 'components');
  return foldersOf(components).flatMap((name) => [[name], ...foldersOf(join(components, name)).map((inner) => [name, `${name}/${inner}`])]);
}

export type Combination = { overlay: string; components: string[] };

/** What is tried: each overlay alone and with all components side by side, and production with each of them by itself. */
export function combinations(): Combination[] {
  const all = foldersOf(join(k8sDir, 'components'));
  return overlays().flatMap((overlay) => [[], ...(overlay === 'production' ? componentSets() : []), all].map((components) => ({ overlay, components })));
}

/** A combination, as it is told. */
export const titleOf = ({ overlay, components }: Combination): string => [overlay, ...components].join(' + ');

/** The components that an overlay has already, as paths below components/. */
export function componentsOf(overlay: string): string[] {
  const dir = join(k8sDir, 'overlays', overlay);
  return (readKustomization(dir).components ?? []).map((path) => relative(join(k8sDir, 'components'), join(dir, path)));
}

/** Writes a kustomization of an overlay with components on top of it. Returns its folder. */
export function writeWrapper(stateDir: string, { overlay, components }: Combination): string {
  const dir = join(stateDir, 'wrappers', [overlay, ...components].join('+').replaceAll('/', '-'));
  mkdirSync(dir, { recursive: true });
  const has = componentsOf(overlay);
  const paths = components.filter((name) => !has.includes(name)).map((name) => relative(dir, join(k8sDir, 'components', name)));
  writeFileSync(join(dir, 'kustomization.yaml'), stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [relative(dir, join(k8sDir, 'overlays', overlay))], components: paths }));
  return dir;
}
