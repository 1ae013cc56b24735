/** Writes dashboards and rules below deploy/, and removes those that are no more. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { derivatives } from './derivatives.ts';

const root = resolve(import.meta.dirname, '../../..');
const files = derivatives();

for (const folder of ['deploy/grafana/dashboards', 'deploy/prometheus/rules']) {
  mkdirSync(join(root, folder), { recursive: true });
  for (const name of readdirSync(join(root, folder))) if (!files.has(`${folder}/${basename(name)}`)) rmSync(join(root, folder, name));
}
for (const [path, text] of files) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
