import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat, unlink } from 'node:fs/promises';
import { posix } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import tar from 'tar-stream';
import { Failure } from '../failure.ts';

/** The last entry: the SHA-256 and name of every file before it, as `sha256sum --check` reads them. Where it is missing, the archive is. */
export const sumsName = 'SHA256SUMS';

export type ArchiveEntry = { name: string; kind: 'file' | 'directory'; mode: number; /** Bytes. */ size: number };

export type ArchiveWriter = {
  /** The archive, compressed; to be read while entries are added. */
  output: Readable;
  directory: (name: string, mode: number) => Promise<void>;
  /** Adds exactly `size` bytes; throws where `content` has another number of them. */
  file: (name: string, content: Readable | Buffer, options: { size: number; mode: number }) => Promise<void>;
  /** Adds the sums; nothing may come after it. */
  end: () => Promise<void>;
  /** Ends it in the middle: `output` and what is being added fail with `error`. */
  abort: (error: Error) => Promise<void>;
};

/**
 * A tar of files with their sums, compressed with zstd.
 * @param sumsFile where the sums gather until the end, so that many files need no memory; removed by `end`
 */
export function writeArchive(sumsFile: string): ArchiveWriter {
  const pack = tar.pack();
  // A frame with a checksum of its own: `zstd --test` tells a damaged file without any of our code.
  const output = pack.pipe(createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } }));
  pack.on('error', (error) => output.destroy(error));
  const sums = createWriteStream(sumsFile, { mode: 0o600 });
  const failed = new Promise<never>((_, reject) => sums.once('error', reject));
  failed.catch(() => undefined); // raced below

  async function file(name: string, content: Readable | Buffer, { size, mode }: { size: number; mode: number }): Promise<void> {
    const hash = createHash('sha256');
    const entry = pack.entry({ name, size, mode, type: 'file', mtime: new Date() });
    await pipeline(Buffer.isBuffer(content) ? Readable.from([content]) : content, hashing(hash), entry);
    if (!sums.write(sumLine(hash.digest('hex'), name))) await Promise.race([new Promise<void>((resolve) => sums.once('drain', () => resolve())), failed]);
  }

  return {
    output,
    file,
    directory: (name, mode) => new Promise((resolve, reject) => {
      pack.entry({ name: `${name}/`, mode, type: 'directory' }, (error) => (error ? reject(error) : resolve()));
    }),
    async end() {
      await Promise.race([new Promise<void>((resolve) => sums.end(() => resolve())), failed]);
      const { size } = await stat(sumsFile);
      await pipeline(createReadStream(sumsFile), pack.entry({ name: sumsName, size, mode: 0o600, type: 'file' }));
      await unlink(sumsFile);
      pack.finalize();
    },
    async abort(error) {
      pack.destroy(error);
      output.destroy(error);
      sums.destroy();
      await rm(sumsFile, { force: true });
    },
  };
}

/**
 * Reads an archive to its end, entry by entry.
 * @param take what is done with an entry; reads its `body` to the end. `sum` resolves then, with the file's SHA-256 in hex
 * @throws Failure for an archive that is cut or damaged, whatever of it was taken by then
 */
export async function readArchive(source: Readable, take: (entry: ArchiveEntry, body: Readable, sum: Promise<string>) => Promise<void>): Promise<void> {
  const extract = tar.extract();
  const feeding = pipeline(source, createZstdDecompress(), extract).catch((error: Error) => error);
  const seen = createHash('sha256');
  let told: string | undefined;
  try {
    for await (const entry of extract) {
      if (told !== undefined) throw new Failure('something follows its sums');
      const name = safeName(entry.header.name);
      const hash = createHash('sha256');
      const sum = Promise.withResolvers<string>();
      const body = hashing(hash, () => sum.resolve(hash.digest('hex')));
      pipeline(entry as unknown as Readable, body).catch(sum.reject);
      sum.promise.catch(() => undefined); // whoever reads the body is told
      if (entry.header.type === 'directory') await take({ name, kind: 'directory', mode: entry.header.mode ?? 0o700, size: 0 }, body.resume(), sum.promise);
      else if (entry.header.type !== 'file') throw new Failure(`${name} is neither a file nor a folder`);
      else if (name === sumsName) {
        for await (const _ of body); // only its own sum matters: it must be that of the lines that we have made
        told = await sum.promise;
      } else {
        await take({ name, kind: 'file', mode: entry.header.mode ?? 0o600, size: entry.header.size ?? 0 }, body, sum.promise);
        seen.update(sumLine(await sum.promise, name));
      }
    }
  } catch (error) {
    source.destroy();
    throw (await feeding) ?? error;
  }
  const error = await feeding;
  if (error) throw error;
  if (told === undefined) throw new Failure('its end is missing');
  if (told !== seen.digest('hex')) throw new Failure('its sums are not those of its files');
}

const sumLine = (sum: string, name: string): string => `${sum}  ${name}\n`;

function hashing(hash: ReturnType<typeof createHash>, onEnd: () => void = () => undefined): Transform {
  return new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      onEnd();
      done();
    },
  });
}

/** The name of an entry below the folder that it is unpacked in; throws for one that leads out of it. */
export function safeName(name: string): string {
  const clean = posix.normalize(name).replace(/\/$/, '');
  if (clean === '.' || clean === '' || clean.startsWith('/') || clean.split('/').includes('..') || clean.includes('\0')) throw new Failure(`it names a file outside of itself (${JSON.stringify(name)})`);
  return clean;
}

/** All of a small entry, as text. */
export async function readText(body: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const chunk of body) pieces.push(chunk as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}
