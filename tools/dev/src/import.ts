/**
 * `npm run import -- django <url of its database> [--apply] …`: takes the Django original's data over, a dry run first
 * (docs/import-django.md). Into the suite run here, or into the databases that AUTH_DATABASE_URL, CONSULTATION_DATABASE_URL,
 * IA_DATABASE_URL and APPOINTMENTS_DATABASE_URL name. With `--media` files go where consultation keeps them: where
 * CONSULTATION_FICHIERS_DIR or S3_* say, or into the folder of the suite run here.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withDatabase } from '@mediai/db/admin';
import { main } from './command-line.ts';
import { Failure } from './failure.ts';
import { importAll, importers, type Importer } from './import/import-all.ts';
import { readJson } from './json-file.ts';
import { consultationFiles, root, statePaths, type Env } from './paths.ts';
import { build } from './turbo.ts';

await main(async () => {
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
  if (importers.some((service) => !existsSync(join(root, 'services', service, 'src/generated')))) {
    process.stderr.write('▸ Generating code, once\n');
    await build(['generate'], { env: process.env });
  }
  return importAll({ argv: process.argv.slice(2), env: process.env, databases: () => databasesOf(process.env), files: () => filesOf(process.env), say: (line) => process.stdout.write(`${line}\n`) });
});

/** Each service's database: named by the environment, or the suite's own. */
function databasesOf(env: Env): Record<Importer, string> {
  const { ports, secrets } = statePaths(resolve(root, env.MEDIAI_STATE_DIR ?? '.mediai'));
  const port = readJson<Record<string, number>>(ports, {}).postgres;
  const known = readJson<Record<string, string>>(secrets, {});
  const server = env.POSTGRES_URL ?? (port ? `postgresql://127.0.0.1:${port}/postgres` : undefined);
  return Object.fromEntries(importers.map((service) => {
    const named = env[`${service.toUpperCase()}_DATABASE_URL`];
    const password = known[`${service}:app`];
    if (!named && (!server || !password)) throw new Failure(`No database of ${service} is known here: run "npm start" first, or set ${service.toUpperCase()}_DATABASE_URL.`);
    return [service, named ?? withDatabase(server ?? '', `mediai_${service}`, { user: `mediai_${service}_app`, password: password ?? '' })];
  })) as Record<Importer, string>;
}

/** Where consultation's files lie: named by the environment, or the suite's own folder beside its own database. */
function filesOf(env: Env): Env {
  if (env.CONSULTATION_FICHIERS_DIR || env.S3_BUCKET) return {};
  if (env.CONSULTATION_DATABASE_URL) throw new Failure('Where the files of this consultation lie is not known here: set CONSULTATION_FICHIERS_DIR or S3_BUCKET as it has them.');
  return { CONSULTATION_FICHIERS_DIR: consultationFiles(statePaths(resolve(root, env.MEDIAI_STATE_DIR ?? '.mediai')).files) };
}
