/** Writes deploy/docker/Dockerfile.<service>, and the versions of the services into compose.suite.yaml, from the package.json files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.ts';
import { serviceNames } from '../suite.ts';
import { dockerfileOf, writeDockerfile } from './dockerfile.ts';
import { readWorkspaces } from './workspaces.ts';

/** A compose file's text with the versions of the suite's own images, and of what is built for them, put in. */
export function withVersions(compose: string, versions: Record<string, string>): string {
  const versionOf = (service: string): string => {
    const version = versions[service];
    if (!version) throw new Error(`compose.suite.yaml names ghcr.io/mediai/${service}, which is no service`);
    return version;
  };
  return compose
    .replace(/(ghcr\.io\/mediai\/([\w-]+)):[\w.-]+/g, (_all, image: string, service: string) => `${image}:${versionOf(service)}`)
    .replace(/(Dockerfile\.([\w-]+), args: \{ VERSION: )[\w.-]+/g, (_all, before: string, service: string) => `${before}${versionOf(service)}`);
}

if (import.meta.main) {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
  const workspaces = readWorkspaces();
  for (const service of serviceNames) writeFileSync(join(root, dockerfileOf(service)), writeDockerfile(service, workspaces, devDependencies.turbo!));
  const compose = join(root, 'deploy/docker/compose.suite.yaml');
  writeFileSync(compose, withVersions(readFileSync(compose, 'utf8'), Object.fromEntries(serviceNames.map((service) => [service, workspaces.get(`@mediai/${service}`)!.version]))));
}
