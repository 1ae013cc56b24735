/**
 * `npm run restore -- <file>`: brings a backup back in place of the state that is here, which is moved aside.
 * `npm run restore -- check <file>`: reads all of one and changes nothing.
 * `npm run restore -- after <superuser's URL> --since <ISO time>`: what databases need that were restored by other means;
 * with --print and no URL the same as a script of psql.
 */
import { existsSync, rmSync } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { withClient, withDatabase } from '@mediai/db/admin';
import { afterRestore, afterRestoreScript, databasesOf, emptyAllTopics } from './backup/after-restore.ts';
import { readIdentities, readPassphrase, type Keys } from './backup/encryption.ts';
import { unpackBackup, type Places } from './backup/restore-backup.ts';
import { contextOf, filesDirOf, refuseOthers } from './backup/setting.ts';
import { main, readOptions } from './command-line.ts';
import { migrateAll } from './databases.ts';
import { Failure, sentenceOf } from './failure.ts';
import { writeJson } from './json-file.ts';
import { ensurePostgres, locatePostgres } from './parts/postgres.ts';
import { consultationFiles, root, statePaths } from './paths.ts';
import { createSecrets } from './secrets.ts';
import { runSession, type Session } from './session.ts';
import { createSteps } from './steps.ts';
import { wipe } from './wipe.ts';

const usage = 'Say which backup: "npm run restore -- <file>", or "check <file>" to read it alone, or "after <superuser\'s URL> --since <ISO time>" for databases restored by other means.';

await main(async () => {
  const { values, positionals, stateDir } = readOptions({ identity: { type: 'string' }, 'passphrase-file': { type: 'string' }, since: { type: 'string' }, brokers: { type: 'string' }, print: { type: 'boolean' } });
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
  const [verb = '', subject] = positionals;
  if (verb === 'after') return after(subject, values.since, values.brokers, values.print ?? false);
  const file = verb === 'check' ? subject : verb;
  if (!file || positionals.length > (verb === 'check' ? 2 : 1)) throw new Failure(usage);
  refuseOthers(process.env, 'restore');
  const identities = await readIdentities(values.identity);
  const keys: Keys = { identities, passphrase: identities.length > 0 ? undefined : await readPassphrase(values['passphrase-file'], process.env) };
  return verb === 'check' ? check(file, keys, join(stateDir, 'check')) : runSession(stateDir, (session) => restore(file, keys, session));
});

/** In a folder of its own, so that the suite may run meanwhile. */
async function check(file: string, keys: Keys, stateDir: string): Promise<number> {
  try {
    return await runSession(stateDir, async (session) => {
      const { unpacked } = await read(file, keys, session);
      await unpacked.discard();
      console.log(`✓ ${file} is whole and can be restored here. It was made at ${unpacked.contents.madeAt}.`);
      return 0;
    });
  } finally {
    await wipe(stateDir, process.env);
  }
}

async function restore(file: string, keys: Keys, session: Session): Promise<number> {
  const steps = createSteps();
  const { stateDir } = session;
  const { unpacked, places } = await read(file, keys, session);
  const { restoring } = statePaths(stateDir);
  writeJson(restoring, { file });
  const swapped = await unpacked.swap();
  try {
    await steps.run('Database, migrations and what follows a restore', () => bringBack(session, unpacked.contents.madeAt, unpacked.contents.files ? places.filesDir : undefined));
  } catch (error) {
    await swapped.undo();
    rmSync(restoring, { force: true });
    throw new Failure(`The backup could not be brought to life (${sentenceOf(error, stateDir)}); everything is again as it was.`);
  } finally {
    await unpacked.discard();
  }
  rmSync(restoring);
  console.log(`\n✓ Restored to the state of ${unpacked.contents.madeAt}.`);
  console.log(words(swapped.aside, unpacked.contents.files));
  return 0;
}

/** Unpacks a backup beside the state of a session and verifies all of it. */
async function read(file: string, keys: Keys, { stateDir, signal }: Session) {
  const { data, files, secrets } = statePaths(stateDir);
  const postgres = await locatePostgres(contextOf(stateDir, signal));
  if (!postgres) throw new Failure('No PostgreSQL of the suite\'s own was found here: "npm run doctor" says what is missing.');
  const places: Places = { postgres, filesDir: filesDirOf(process.env, files) ?? consultationFiles(files), secretsFile: secrets, obsolete: [join(data, 'kafka')] };
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return { unpacked: await createSteps().run('Reading and checking the backup', () => unpackBackup(file, keys, places, stamp)), places };
}

/** Starts the restored server, brings its databases up to this code, does what follows a restore, and stops it. */
async function bringBack(session: Session, since: string, filesDir: string | undefined): Promise<string> {
  const context = contextOf(session.stateDir, session.signal);
  const server = await ensurePostgres(context);
  try {
    await migrateAll(server.url, createSecrets(statePaths(session.stateDir).secrets));
    if (process.env.KAFKA_BROKERS) await emptyAllTopics(process.env.KAFKA_BROKERS.split(','));
    const { events } = await afterRestore(databasesOf(server.url), since);
    const checked = filesDir === undefined ? 'Files are in the bucket.' : await matchFiles(server.url, filesDir);
    return `${checked} ${events} events will be published again.`;
  } finally {
    await server.stop();
  }
}

/** Deletes copied files that no row of the copied database knows, and sees that every file that one names is there. */
async function matchFiles(url: string, filesDir: string): Promise<string> {
  return withClient(withDatabase(url, 'mediai_consultation'), async (client) => {
    const names = await readdir(join(filesDir, 'fichiers')).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [] as string[];
      throw error;
    });
    const there = new Set(names);
    const { rows } = await client.query<{ id: string; etat: string }>('SELECT id::text, etat FROM fichier');
    const known = new Set(rows.map(({ id }) => id));
    for (const name of names) if (!known.has(name)) await unlink(join(filesDir, 'fichiers', name));
    const kept = rows.filter(({ etat }) => etat === 'garde');
    const missing = kept.filter(({ id }) => !there.has(id));
    if (missing.length > 0) throw new Failure(`${missing.length} of ${kept.length} files that the database names are not in the backup`);
    return `Every file that the database names is there (${kept.length}).`;
  });
}

function words(aside: string[], hasFiles: boolean): string {
  return [
    '',
    ...(aside.length > 0 ? ['What was here before is kept, and is yours to delete:', ...aside.map((path) => `  ${path}`)] : []),
    ...(hasFiles ? [] : ['Files are not part of this backup: bring the bucket back to the same time.']),
    'Everybody logs in again. What was written after the backup is not here: docs/exploitation.md, "After a restore", says what to tell whom.',
    ...(process.env.REDIS_URL ? ['REDIS_URL is set: empty that Redis ("redis-cli FLUSHDB") before you start.'] : []),
    ...(process.env.KAFKA_BROKERS ? ['The topics of KAFKA_BROKERS were made anew, empty: they held events of the time that was lost.'] : []),
    '"npm start" starts the suite.',
  ].join('\n');
}

async function after(url: string | undefined, given: string | undefined, brokers: string | undefined, isPrinted: boolean): Promise<number> {
  if (!given || Number.isNaN(Date.parse(given)) || Boolean(url) === isPrinted) throw new Failure('Say which server, and to what time it was brought back: "npm run restore -- after postgresql://postgres:…@host/postgres --since 2026-11-28T21:00:00Z [--brokers host:9092]", or --print in place of the URL.');
  const since = new Date(given).toISOString();
  if (brokers) await emptyAllTopics(brokers.split(','));
  if (!url) {
    console.log(afterRestoreScript(since));
    return 0;
  }
  const { events } = await afterRestore(databasesOf(url), since);
  console.log(`✓ ${brokers ? 'The topics are empty. ' : ''}${events} events will be published again; everybody logs in again; ids and dossier numbers go on behind those of the lost time; messages are looked up with the provider first, for 7 days.`);
  return 0;
}
