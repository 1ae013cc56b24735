import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure, isDiskFull } from '../failure.ts';

const ending = (isLocked: boolean): string => (isLocked ? '.tar.zst.age' : '.tar.zst');
const ours = /^mediai-\d{8}T\d{6}Z\.tar\.zst(\.age)?$/;
const partial = '.partial';

/** `mediai-20261128T210000Z.tar.zst`, with `.age` where it is encrypted; times sort as names do. */
export const backupName = (at: Date, isLocked: boolean): string => `mediai-${at.toISOString().replace(/[-:]|\.\d+/g, '')}${ending(isLocked)}`;

/**
 * The file that a backup becomes.
 * @param to a folder, or a file by its ending, as the person gave it; without it `folder`
 */
export async function chooseFile(to: string | undefined, folder: string, at: Date, isLocked: boolean): Promise<string> {
  const target = resolve(to ?? folder);
  const isFile = /\.tar\.zst(\.age)?$/.test(target);
  if (isFile && target.endsWith('.age') !== isLocked) throw new Failure(`An ${isLocked ? 'encrypted' : 'unencrypted'} backup ends in "${ending(isLocked)}": give --to such a name, or a folder.`);
  const file = isFile ? target : join(target, backupName(at, isLocked));
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  if (await stat(file).then(() => true, () => false)) throw new Failure(`${file} is there already: a backup is never written over another.`);
  return file;
}

/**
 * Writes a file whole or not at all: beside it, synced, then under its name. Of a failure nothing stays.
 * @returns bytes written
 * @throws Failure where the disk is full
 */
export async function writeWhole(file: string, content: Readable): Promise<number> {
  const draft = `${file}${partial}`;
  try {
    await pipeline(content, createWriteStream(draft, { mode: 0o600 }));
    await sync(draft);
    await rename(draft, file);
    await sync(dirname(file));
    return (await stat(file)).size;
  } catch (error) {
    await rm(draft, { force: true });
    if (isDiskFull(`${(error as NodeJS.ErrnoException).code} ${(error as Error).message}`)) throw new Failure(`The disk that holds ${dirname(file)} is full: no backup was made; free some space, or give another place with --to, and run the command again.`);
    throw error;
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes all but the newest `keep` backups of a folder. Returns the names of those removed. */
export async function pruneBackups(folder: string, keep: number): Promise<string[]> {
  const old = (await readdir(folder)).filter((name) => ours.test(name)).toSorted().toReversed().slice(keep);
  for (const name of old) await rm(join(folder, basename(name)));
  return old;
}
