import { createReadStream, createWriteStream } from 'node:fs';
import { chown, mkdir, open, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure, isDiskFull } from '../failure.ts';
import type { PostgresFiles } from '../parts/postgres.ts';
import { readArchive, readText } from './archive.ts';
import { contentsName, knownMigrations, readContents, type Contents } from './contents.ts';
import { decrypt, isEncrypted, type Keys } from './encryption.ts';
import { inArchive } from './take-backup.ts';

/** Where what a backup holds belongs. */
export type Places = {
  postgres: PostgresFiles;
  filesDir: string;
  secretsFile: string;
  /** What has no place in a backup and must not outlive it: Kafka's data. */
  obsolete: string[];
};

export type Unpacked = {
  contents: Contents;
  files: number;
  /** Puts what was unpacked in the place of what is there, which is moved aside: returns where to. */
  swap: () => Promise<Swapped>;
  /** Removes what was unpacked. */
  discard: () => Promise<void>;
};

export type Swapped = { aside: string[]; /** Puts everything back as it was, and what came in its place beside it. */ undo: () => Promise<void> };

type Staged = { from: string; to: string };

/**
 * Unpacks a backup beside what is there, touching nothing, and checks all of it: its sums, and the server's own of the
 * database.
 * @param stamp part of the names of what is made
 * @throws Failure for a backup that is damaged, or not for here; then nothing is left of it
 */
export async function unpackBackup(file: string, keys: Keys, places: Places, stamp: string): Promise<Unpacked> {
  await stat(file).catch(() => {
    throw new Failure(`There is no ${file}.`);
  });
  const staged = { postgres: `${places.postgres.data}.restoring-${stamp}`, files: `${places.filesDir}.restoring-${stamp}`, secrets: `${places.secretsFile}.restoring-${stamp}` };
  const discard = async () => {
    for (const path of Object.values(staged)) await rm(path, { recursive: true, force: true });
  };
  try {
    const { contents, files } = await unpack(file, keys, places.postgres, staged);
    const moves: Staged[] = [
      { from: staged.postgres, to: places.postgres.data },
      ...(contents.files ? [{ from: staged.files, to: places.filesDir }] : []),
      { from: staged.secrets, to: places.secretsFile },
    ];
    return { contents, files, discard, swap: () => swap(moves, places.obsolete, stamp) };
  } catch (error) {
    await discard();
    throw explain(error as NodeJS.ErrnoException, file, places.postgres.data);
  }
}

async function unpack(file: string, keys: Keys, { owner, major }: PostgresFiles, staged: { postgres: string; files: string; secrets: string }): Promise<{ contents: Contents; files: number }> {
  const raw = createReadStream(file);
  const source = (await isEncrypted(file)) ? await decrypt(raw, keys) : raw;
  let contents: Contents | undefined;
  let files = 0;
  let hasSecrets = false;
  let manifest: Manifest | undefined;
  const sums = new Map<string, string>();
  await makeFolder(staged.postgres, 0o700, owner);
  await makeFolder(staged.files, 0o700, {});
  await readArchive(source, async (entry, body, sum) => {
    const [top = '', ...rest] = entry.name.split('/');
    const below = rest.join('/');
    // What it says of itself comes first: what is not for here is refused before the rest is read.
    if (contents === undefined && entry.name !== contentsName) throw new Failure('This file is no backup of MediAI.');
    if (entry.name === contentsName) contents = readContents(await readText(body), { major, known: knownMigrations() });
    else if (entry.name === inArchive.manifest) manifest = JSON.parse(await readText(body)) as Manifest;
    else if (entry.name === inArchive.secrets) {
      await writeFile(staged.secrets, await readText(body), { mode: 0o600 });
      hasSecrets = true;
    } else if (top === inArchive.postgres && entry.kind === 'directory') await makeFolder(join(staged.postgres, below), entry.mode, owner);
    else if (top === inArchive.postgres) {
      await writeSynced(join(staged.postgres, below), body, owner);
      sums.set(below, await sum);
    } else if (top === inArchive.files && entry.kind === 'file') {
      await mkdir(dirname(join(staged.files, below)), { recursive: true, mode: 0o700 });
      await writeSynced(join(staged.files, below), body, {});
      files += 1;
    } else throw new Failure(`it holds ${entry.name}, which has no place here`);
  });
  if (!contents || !hasSecrets || !manifest) throw new Failure('it is not complete');
  assertManifest(manifest, sums);
  return { contents, files };
}

type Manifest = { Files: { Path?: string; 'Encoded-Path'?: string; Checksum: string }[] };

/** Every file of the database that the server has listed must be there with the bytes that the server has read. */
function assertManifest({ Files }: Manifest, sums: Map<string, string>): void {
  for (const { Path, 'Encoded-Path': encoded, Checksum } of Files) {
    const path = Path ?? Buffer.from(encoded ?? '', 'hex').toString();
    if (sums.get(path) !== Checksum) throw new Failure(`PostgreSQL's file ${path} is ${sums.has(path) ? 'not as the server read it' : 'missing'}`);
  }
}

async function makeFolder(path: string, mode: number, { uid, gid }: PostgresFiles['owner']): Promise<void> {
  await mkdir(path, { recursive: true, mode });
  if (uid !== undefined) await chown(path, uid, gid ?? uid);
}

async function writeSynced(path: string, body: Readable, { uid, gid }: PostgresFiles['owner']): Promise<void> {
  await pipeline(body, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
  const handle = await open(path, 'r');
  try {
    if (uid !== undefined) await handle.chown(uid, gid ?? uid);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function swap(moves: Staged[], obsolete: string[], stamp: string): Promise<Swapped> {
  const done: Staged[] = [];
  const aside: string[] = [];
  const move = async (from: string, to: string) => {
    await rename(from, to);
    done.push({ from, to });
  };
  const undo = async () => {
    for (let last = done.pop(); last; last = done.pop()) await rename(last.to, last.from);
  };
  try {
    for (const path of [...moves.map(({ to }) => to), ...obsolete]) {
      if (!(await isThere(path)) || (await removeIfEmpty(path))) continue;
      await move(path, `${path}.before-${stamp}`);
      aside.push(`${path}.before-${stamp}`);
    }
    for (const { from, to } of moves) await move(from, to);
  } catch (error) {
    await undo();
    throw error;
  }
  return { aside, undo };
}

/** A folder that holds nothing is not worth keeping. True where it was one. */
const removeIfEmpty = (path: string): Promise<boolean> => rmdir(path).then(() => true, () => false);

const isThere = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

/** What went wrong while reading, as a sentence: damage is told as such, whoever met it. */
function explain(error: NodeJS.ErrnoException, file: string, data: string): Error {
  if (isDiskFull(`${error.code} ${error.message}`)) return new Failure(`The disk that holds ${dirname(data)} is full: nothing was changed; free some space and run the command again.`);
  if (error instanceof Failure && /^[A-Z]/.test(error.message)) return error;
  return new Failure(`${file} is damaged (${error.message}): nothing was changed. Take another backup.`);
}
