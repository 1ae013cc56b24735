import { afterAll, describe, expect, it } from '@jest/globals';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import tar from 'tar-stream';
import { readArchive, readText, safeName, sumsName, writeArchive } from './archive.ts';
import { backupName, chooseFile, pruneBackups, writeWhole } from './destination.ts';
import { decrypt, encrypt, isEncrypted, makeKeys, readIdentities, readPassphrase } from './encryption.ts';

const folder = mkdtempSync(join(tmpdir(), 'mediai-archive-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;
const fresh = (name = 'file') => join(folder, `${(made += 1)}-${name}`);

const files: Record<string, Buffer> = { 'a/un.txt': Buffer.from('fièvre'), 'a/vide': Buffer.alloc(0), 'grand.bin': Buffer.alloc(3_000_000, 7) };

async function archiveOf(entries = files): Promise<string> {
  const file = fresh();
  const archive = writeArchive(`${file}.sums`);
  const writing = writeWhole(file, archive.output);
  await archive.directory('a', 0o700);
  for (const [name, content] of Object.entries(entries)) await archive.file(name, Readable.from([content]), { size: content.length, mode: 0o600 });
  await archive.end();
  await writing;
  return file;
}

async function read(source: Readable): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  await readArchive(source, async ({ name, kind }, body) => {
    const text = await readText(body);
    if (kind === 'file') seen[name] = text;
  });
  return seen;
}

describe('an archive', () => {
  it('gives back what was put in, and leaves nothing beside itself', async () => {
    const file = await archiveOf();
    expect(await read(createReadStream(file))).toEqual(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, content.toString()])));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect([existsSync(`${file}.sums`), existsSync(`${file}.partial`)]).toEqual([false, false]);
  });

  it('of which a byte changed, or the end is missing, is refused, or reads the same', async () => {
    const small = { 'a/un.txt': Buffer.from('fièvre'), 'a/deux.txt': Buffer.from('frissons '.repeat(40)) };
    const whole = readFileSync(await archiveOf(small));
    const good = await read(Readable.from([whole]));
    const refused: number[] = [];
    const tried = Array.from({ length: Math.floor(whole.length / 5) }, (_, n) => n * 5);
    for (const at of tried) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 4;
      for (const bytes of [changed, whole.subarray(0, at)]) {
        const seen = await read(Readable.from([bytes])).catch(() => refused.push(at));
        if (typeof seen === 'object') expect(seen).toEqual(good);
      }
    }
    // Some bytes of the frame's header may differ and mean the same; behind its last block only a checksum of its own follows.
    expect(refused).toEqual(expect.arrayContaining(tried.filter((at) => at < whole.length - 20)));
  });

  it('that is well formed but lacks its sums, or has others, is refused', async () => {
    const packed = (entries: [string, string][]) => {
      const pack = tar.pack();
      for (const [name, content] of entries) pack.entry({ name }, content);
      pack.finalize();
      return pack.pipe(createZstdCompress());
    };
    await expect(read(packed([['a', 'x']]))).rejects.toThrow('its end is missing');
    await expect(read(packed([['a', 'x'], [sumsName, 'autre chose']]))).rejects.toThrow('not those of its files');
  });

  it('takes no name that leads out of it', () => {
    expect(safeName('./pg_wal//x/')).toBe('pg_wal/x');
    for (const name of ['../x', '/etc/passwd', 'a/../../b', '', 'a\0b']) expect(() => safeName(name)).toThrow();
  });

  it('ended in the middle leaves no file', async () => {
    const file = fresh();
    const archive = writeArchive(`${file}.sums`);
    const writing = writeWhole(file, archive.output);
    await archive.file('a', Buffer.alloc(100_000), { size: 100_000, mode: 0o600 });
    await archive.abort(new Error('no more'));
    await expect(writing).rejects.toThrow('no more');
    expect(readdirSync(folder).filter((name) => file.endsWith(name.replace(/\.(partial|sums)$/, '')))).toEqual([]);
  });

  it('with more or fewer bytes than were said is not made', async () => {
    for (const size of [3, 9]) {
      const archive = writeArchive(fresh());
      archive.output.on('error', () => undefined).resume();
      await expect(archive.file('a', Readable.from([Buffer.from('12345')]), { size, mode: 0o600 })).rejects.toThrow();
      await archive.abort(new Error('done'));
    }
  });
});

describe('encryption', () => {
  const text = Buffer.alloc(200_000, 'patient ');
  const all = async (stream: Readable): Promise<Buffer> => Buffer.concat(await stream.toArray() as Buffer[]);
  const locked = async (lock: Parameters<typeof encrypt>[1]): Promise<string> => {
    const file = fresh('x.age');
    await pipeline(await encrypt(Readable.from([text]), lock), async (source) => writeFileSync(file, await all(source as unknown as Readable)));
    return file;
  };

  it('by a public key opens with its private key alone, and of a changed byte nothing is taken for good', async () => {
    const [key, other] = [fresh('key'), fresh('key')];
    const recipient = await makeKeys(key);
    await makeKeys(other);
    const file = await locked({ recipients: [recipient] });
    expect(await isEncrypted(file)).toBe(true);
    expect(readFileSync(file).includes('patient')).toBe(false);
    expect((await all(await decrypt(createReadStream(file), { identities: await readIdentities(key) }))).equals(text)).toBe(true);
    await expect(decrypt(createReadStream(file), { identities: await readIdentities(other) })).rejects.toThrow('does not open this backup');
    const changed = readFileSync(file);
    changed[changed.length - 10] = (changed[changed.length - 10] ?? 0) ^ 1;
    await expect(decrypt(Readable.from([changed]), { identities: await readIdentities(key) }).then(all)).rejects.toThrow();
    await expect(decrypt(createReadStream(file), { identities: [] })).rejects.toThrow('--identity');
    await expect(makeKeys(key)).rejects.toThrow('is there already');
    expect(statSync(key).mode & 0o777).toBe(0o600);
  });

  it('by a passphrase opens with it and no other', async () => {
    const passphrase = 'quatre mots pour un essai';
    const file = await locked({ recipients: [], passphrase });
    expect((await all(await decrypt(createReadStream(file), { identities: [], passphrase }))).equals(text)).toBe(true);
    await expect(decrypt(createReadStream(file), { identities: [], passphrase: `${passphrase}.` })).rejects.toThrow('does not open this backup');
  });

  it('is refused for what is no key, a short passphrase, or both at once', async () => {
    const content = () => Readable.from(['x']);
    await expect(encrypt(content(), { recipients: ['age1faux'] })).rejects.toThrow('no public key');
    await expect(encrypt(content(), { recipients: [], passphrase: 'court' })).rejects.toThrow('12 characters');
    await expect(encrypt(content(), { recipients: ['age1x'], passphrase: 'assez longue pour passer' })).rejects.toThrow('not both');
  });

  it('takes a passphrase from a file or the environment', async () => {
    const file = fresh('phrase');
    writeFileSync(file, 'une phrase à part\n');
    expect([await readPassphrase(file, {}), await readPassphrase(undefined, { MEDIAI_BACKUP_PASSPHRASE: 'x' }), await readPassphrase(undefined, {})]).toEqual(['une phrase à part', 'x', undefined]);
  });
});

describe('where a backup goes', () => {
  const at = new Date('2026-11-28T21:04:05.678Z');

  it('its name says when, and whether it is encrypted', async () => {
    const dir = fresh('dir');
    expect(await chooseFile(undefined, dir, at, false)).toBe(join(dir, 'mediai-20261128T210405Z.tar.zst'));
    expect(await chooseFile(dir, 'elsewhere', at, true)).toBe(join(dir, 'mediai-20261128T210405Z.tar.zst.age'));
    expect(await chooseFile(join(dir, 'sub/x.tar.zst'), 'elsewhere', at, false)).toBe(join(dir, 'sub/x.tar.zst'));
    await expect(chooseFile(join(dir, 'x.tar.zst'), 'elsewhere', at, true)).rejects.toThrow('.tar.zst.age');
  });

  it('is never over another', async () => {
    const file = fresh('x.tar.zst');
    writeFileSync(file, 'x');
    await expect(chooseFile(file, folder, at, false)).rejects.toThrow('never written over');
  });

  it('only the newest are kept, and nothing else is touched', async () => {
    const dir = fresh('dir');
    mkdirSync(dir);
    const names = [1, 2, 3].map((day) => backupName(new Date(Date.UTC(2026, 10, day)), day === 2));
    for (const name of [...names, 'notes.txt', 'mediai-20261101T000000Z.tar.zst.partial']) writeFileSync(join(dir, name), 'x');
    expect(await pruneBackups(dir, 1)).toEqual([names[1], names[0]]);
    expect(readdirSync(dir).toSorted()).toEqual(['mediai-20261101T000000Z.tar.zst.partial', names[2], 'notes.txt'].toSorted());
  });

  it('a full disk is told, and leaves nothing', async () => {
    const file = fresh('x.tar.zst');
    const full = new Readable({ read() { this.destroy(Object.assign(new Error('write'), { code: 'ENOSPC' })); } });
    await expect(writeWhole(file, full)).rejects.toThrow('is full: no backup was made');
    expect(existsSync(`${file}.partial`)).toBe(false);
  });
});
