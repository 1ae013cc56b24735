/** `npm run backup`: database, files and secrets of the suite run here as one file, while it runs or when it is stopped. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withClient } from '@mediai/db/admin';
import { chooseFile, pruneBackups } from './backup/destination.ts';
import { isLocked, makeKeys, readPassphrase, type Lock } from './backup/encryption.ts';
import { contextOf, filesDirOf, refuseOthers } from './backup/setting.ts';
import { megabytes, takeBackup } from './backup/take-backup.ts';
import { main, readOptions } from './command-line.ts';
import { Failure } from './failure.ts';
import { readJson } from './json-file.ts';
import { ensurePostgres, locatePostgres } from './parts/postgres.ts';
import { root, statePaths } from './paths.ts';
import { findSupervisor, runSession } from './session.ts';
import { createSteps, seconds } from './steps.ts';

await main(async () => {
  const { values, positionals, stateDir } = readOptions({
    to: { type: 'string' },
    keep: { type: 'string' },
    recipient: { type: 'string', multiple: true },
    'passphrase-file': { type: 'string' },
  });
  if (positionals[0] === 'keygen') return keygen(positionals[1]);
  if (positionals.length > 0) throw new Failure(`"${positionals[0]}" is not understood; known is "npm run backup -- keygen <file>", and --to gives the place of the backup.`);
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
  refuseOthers(process.env, 'backup');
  const keep = values.keep === undefined ? undefined : Number(values.keep);
  if (keep !== undefined && !(Number.isInteger(keep) && keep >= 1)) throw new Failure(`--keep must be a number of backups, not "${values.keep}".`);
  const lock: Lock = { recipients: values.recipient ?? [], passphrase: values.recipient ? undefined : await readPassphrase(values['passphrase-file'], process.env) };

  const back = (postgresUrl: string) => run({ stateDir, postgresUrl, lock, to: values.to, keep });
  if (findSupervisor(stateDir)) return back(await runningPostgres(stateDir));
  return runSession(stateDir, async (session) => {
    const context = contextOf(stateDir, session.signal);
    const found = await locatePostgres(context);
    if (!found || !existsSync(join(found.data, 'PG_VERSION'))) throw new Failure(`There is nothing to back up in ${stateDir}: "npm start" makes a suite there.`);
    const postgres = await ensurePostgres(context);
    session.onEnd(postgres.stop);
    return back(postgres.url);
  });
});

type Run = { stateDir: string; postgresUrl: string; lock: Lock; to: string | undefined; keep: number | undefined };

async function run({ stateDir, postgresUrl, lock, to, keep }: Run): Promise<number> {
  const began = Date.now();
  const { secrets, files, backups } = statePaths(stateDir);
  const file = await chooseFile(to, backups, new Date(began), isLocked(lock));
  const filesDir = filesDirOf(process.env, files);
  const report = await createSteps().run('Backup', (note) => takeBackup({ postgresUrl, secretsFile: secrets, filesDir, file, lock, note }));
  console.log(`\n${file}\n  ${megabytes(report.bytes)} in ${seconds(Date.now() - began)}: database ${megabytes(report.databaseBytes)}, ${report.files.count} files ${megabytes(report.files.bytes)}, secrets, signing keys`);
  if (filesDir === undefined) console.log('  Files are not in it: consultation keeps them in the bucket of S3_BUCKET, which needs versions and a copy of its own.');
  if (isLocked(lock)) console.log('  Encrypted: without its key it opens for nobody. Keep the key where the backup is not.');
  else console.log('  ! NOT encrypted: it holds patients\' data and the secrets of the suite. Give --recipient age1… (see "npm run backup -- keygen <file>") or a passphrase before it leaves this machine.');
  const removed = keep === undefined ? [] : await pruneBackups(dirname(file), keep);
  if (removed.length > 0) console.log(`  Removed, beyond the newest ${keep}: ${removed.join(', ')}`);
  return 0;
}

async function keygen(file: string | undefined): Promise<number> {
  if (!file) throw new Failure('Say where the private key goes: "npm run backup -- keygen <file>".');
  const recipient = await makeKeys(file);
  console.log(`${file} holds the private key: it opens every backup made for the public one. Keep it away from this machine, twice.\nPublic key: ${recipient}\n  npm run backup -- --recipient ${recipient}`);
  return 0;
}

/** The server of the suite that runs, which must be the one of its own data folder. */
async function runningPostgres(stateDir: string): Promise<string> {
  const { ports, secrets } = statePaths(stateDir);
  const port = readJson<Record<string, number>>(ports, {}).postgres;
  const password = readJson<Record<string, string>>(secrets, {}).postgres;
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  const data = await withClient(url, async (client) => (await client.query<{ data_directory: string }>('SHOW data_directory')).rows[0]?.data_directory).catch((error: Error) => {
    throw new Failure(`The PostgreSQL of the suite that runs here does not answer (${error.message}): wait until it is ready, or end it with "npm run stop", and run the command again.`);
  });
  const own = await locatePostgres(contextOf(stateDir));
  if (data !== own?.data) throw new Failure(`The suite that runs here has its PostgreSQL elsewhere (Docker): its backup is yours, with pg_dump or pg_basebackup of that server.`);
  return url;
}
