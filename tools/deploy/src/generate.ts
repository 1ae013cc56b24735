/** Writes what in deploy/k8s follows from the services: their configuration, secrets, versions and names of migrations. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configEnv, generatedKustomization, migrationEnv, secretsPatch } from './configuration.ts';
import { readServices, root } from './services.ts';

const base = join(root, 'deploy/k8s/base');

function write(path: string, text: string): void {
  const file = join(base, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

for (const service of await readServices()) {
  const folder = `${service.name}/generated`;
  write(join(folder, 'config.env'), configEnv(service.schema));
  write(join(folder, 'secrets.yaml'), secretsPatch(service));
  write(join(folder, 'kustomization.yaml'), generatedKustomization(service));
}
write('migration/generated/config.env', migrationEnv());
