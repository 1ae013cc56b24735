/** `npm run db -- <create|check|diff|status> <service> …`: migrations, on the PostgreSQL of the running suite or of POSTGRES_URL. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { main } from './command-line.ts';
import { Failure } from './failure.ts';
import { readJson } from './json-file.ts';
import { root, statePaths } from './paths.ts';

await main(async () => {
  const { ports, secrets } = statePaths(join(root, '.mediai'));
  const port = readJson<Record<string, number>>(ports, {}).postgres;
  const known = readJson<Record<string, string>>(secrets, {});
  const own = (user: string, secret: string | undefined, database: string) => (port && secret ? `postgresql://${user}:${secret}@127.0.0.1:${port}/${database}` : undefined);
  const service = process.argv[3] ?? '';
  const env = {
    ...process.env,
    POSTGRES_URL: process.env.POSTGRES_URL ?? process.env.TEST_POSTGRES_URL ?? own('postgres', known.postgres, 'postgres'),
    DATABASE_OWNER_URL: process.env.DATABASE_OWNER_URL ?? own(`mediai_${service}_owner`, known[`${service}:owner`], `mediai_${service}`),
  };
  if (!env.POSTGRES_URL && !env.DATABASE_OWNER_URL) throw new Failure('No PostgreSQL is known here: run "npm start" first, or set POSTGRES_URL.');
  return spawnSync(process.execPath, ['--conditions=@mediai/source', join(root, 'packages/db/src/cli.ts'), ...process.argv.slice(2)], { stdio: 'inherit', env }).status ?? 1;
});
