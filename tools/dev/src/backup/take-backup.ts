import type { Dir } from 'node:fs';
import { open, opendir, readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import tar from 'tar-stream';
import { backupLock } from '@mediai/db';
import { withClient, withDatabase } from '@mediai/db/admin';
import { Failure } from '../failure.ts';
import { safeName, writeArchive, type ArchiveWriter } from './archive.ts';
import { takeBaseBackup } from './base-backup.ts';
import { contentsName, describeContents, type Contents } from './contents.ts';
import { writeWhole } from './destination.ts';
import { encrypt, isLocked, type Lock } from './encryption.ts';

export type BackupOptions = {
  /** A superuser's URL of the server that is backed up. */
  postgresUrl: string;
  /** The state directory's secrets. */
  secretsFile: string;
  /** Consultation's folder of files; undefined where it keeps them in a bucket. */
  filesDir: string | undefined;
  /** The file that is made. */
  file: string;
  lock: Lock;
  /** Told what is being copied. */
  note: (text: string) => void;
  now?: Date;
};

export type BackupReport = { contents: Contents; /** Of the file. */ bytes: number; databaseBytes: number; files: { count: number; bytes: number } };

/** Where in the archive what lies. */
export const inArchive = { postgres: 'postgres', files: 'files', secrets: 'secrets.json', manifest: 'postgres/backup_manifest' } as const;

/**
 * Backs everything up, in this order: the database as it is at the end of its own copying, then the files. No file goes
 * in between (the sweeps wait), and each is kept before a row names it: so every file that a row names is there.
 * @throws Failure; then no file is left
 */
export async function takeBackup(options: BackupOptions): Promise<BackupReport> {
  const consultation = withDatabase(options.postgresUrl, 'mediai_consultation');
  return withClient(consultation, async (client) => {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [backupLock]);
    // A sweep that is under way holds it for as long as it reads what may go; another backup holds it to its end.
    if (!rows[0]?.taken) await client.query("SET lock_timeout = '10s'").then(() => client.query('SELECT pg_advisory_lock($1)', [backupLock])).catch(() => {
      throw new Failure('Another backup is under way: wait for it, and run the command again.');
    });
    const contents = await describeContents(options.postgresUrl, { files: options.filesDir !== undefined, now: options.now ?? new Date() });
    const archive = writeArchive(`${options.file}.sums`);
    const content = isLocked(options.lock) ? await encrypt(archive.output, options.lock) : archive.output;
    const filling = fill(archive, contents, options);
    const writing = writeWhole(options.file, content);
    try {
      // A file that cannot be written ends the copying, and the other way round.
      const report = await Promise.race([filling, writing.then(() => filling)]);
      return { ...report, contents, bytes: await writing };
    } catch (error) {
      await archive.abort(error as Error);
      await Promise.allSettled([filling, writing]);
      throw error;
    }
  });
}

async function fill(archive: ArchiveWriter, contents: Contents, { postgresUrl, secretsFile, filesDir, note }: BackupOptions): Promise<Omit<BackupReport, 'contents' | 'bytes'>> {
  const small = (name: string, content: Buffer) => archive.file(name, content, { size: content.length, mode: 0o600 });
  await small(contentsName, Buffer.from(`${JSON.stringify(contents, null, 2)}\n`));
  await small(inArchive.secrets, await readFile(secretsFile));
  const databaseBytes = await addDatabase(archive, postgresUrl, note);
  const files = filesDir === undefined ? { count: 0, bytes: 0 } : await addFiles(archive, filesDir, note);
  await archive.end();
  return { databaseBytes, files };
}

async function addDatabase(archive: ArchiveWriter, url: string, note: (text: string) => void): Promise<number> {
  const base = await takeBaseBackup(url);
  try {
    let bytes = 0;
    const extract = base.archive.pipe(tar.extract());
    base.archive.once('error', (error) => extract.destroy(error));
    for await (const entry of extract) {
      const { size = 0, mode = 0o600, type } = entry.header;
      const name = posix.join(inArchive.postgres, safeName(entry.header.name));
      if (type === 'directory') {
        entry.resume();
        await archive.directory(name, mode);
      } else if (type === 'file') await archive.file(name, entry as never, { size, mode });
      else throw new Failure(`PostgreSQL's data holds ${entry.header.name}, a link that leads out of it, which this backup does not know.`);
      bytes += size;
      note(`database ${megabytes(bytes)}`);
    }
    const manifest = await base.manifest;
    await archive.file(inArchive.manifest, manifest, { size: manifest.length, mode: 0o600 });
    return bytes;
  } finally {
    await base.close().catch(() => undefined); // the server ended it, and the stream has told why
  }
}

async function addFiles(archive: ArchiveWriter, filesDir: string, note: (text: string) => void): Promise<BackupReport['files']> {
  const done = { count: 0, bytes: 0 };
  for await (const path of walk(filesDir)) {
    const handle = await open(join(filesDir, path)).catch(ifGone);
    if (!handle) continue;
    const { size } = await handle.stat();
    await archive.file(posix.join(inArchive.files, path), handle.createReadStream(), { size, mode: 0o600 });
    done.count += 1;
    done.bytes += size;
    note(`${done.count} files, ${megabytes(done.bytes)}`);
  }
  return done;
}

/** Files below a folder, by their path in it with slashes; not what begins with a dot: that is not yet whole. */
async function* walk(root: string, below = ''): AsyncGenerator<string> {
  const dir: Dir | undefined = await opendir(join(root, below)).catch(ifGone);
  if (!dir) return;
  for await (const entry of dir) {
    if (entry.name.startsWith('.')) continue;
    const path = posix.join(below, entry.name);
    if (entry.isDirectory()) yield* walk(root, path);
    else if (entry.isFile()) yield path;
  }
}

function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** Bytes on disk of a file, or 0 where it is not there. */
export const sizeOf = (file: string): Promise<number> => stat(file).then(({ size }) => size, () => 0);

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
