/** `npm run admin -- <create|rotate-keys|help> …`: auth's own commands, on the database of the suite run here or on DATABASE_URL. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withDatabase } from '@mediai/db/admin';
import { main } from './command-line.ts';
import { Failure } from './failure.ts';
import { readJson } from './json-file.ts';
import { root, statePaths, type Env } from './paths.ts';
import { build } from './turbo.ts';

const auth = join(root, 'services/auth/src');

await main(async () => {
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
  const args = process.argv.slice(2);
  const isHelp = ['help', '--help', '-h', undefined].includes(args[0]);
  const env = isHelp || process.env.DATABASE_URL ? process.env : { ...process.env, ...ownDatabase(process.env) };
  if (!existsSync(join(auth, 'generated'))) {
    process.stderr.write('▸ Generating code, once\n');
    await build(['generate'], { env: process.env });
  }
  return run([...process.execArgv, join(auth, 'admin.ts'), ...args], env);
});

/** What the suite run here gives its auth service. */
function ownDatabase(env: Env): Env {
  const { ports, secrets } = statePaths(resolve(root, env.MEDIAI_STATE_DIR ?? '.mediai'));
  const port = readJson<Record<string, number>>(ports, {}).postgres;
  const known = readJson<Record<string, string>>(secrets, {});
  const server = env.POSTGRES_URL ?? (port ? `postgresql://127.0.0.1:${port}/postgres` : undefined);
  if (!server || !known['auth:app'] || !known['auth-keys']) throw new Failure('No database is known here: run "npm start" first, or set DATABASE_URL to auth\'s own.');
  return {
    MEDIAI_MODE: env.MEDIAI_MODE || 'demo', AUTH_KEY_SECRET: known['auth-keys'],
    DATABASE_URL: withDatabase(server, 'mediai_auth', { user: 'mediai_auth_app', password: known['auth:app'] }),
  };
}

/** Runs a command on this terminal; it alone answers Ctrl-C. */
function run(args: string[], env: Env): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'inherit', env: env as NodeJS.ProcessEnv });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
