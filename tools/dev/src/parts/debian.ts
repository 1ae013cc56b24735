import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Env } from '../paths.ts';
import { findProgram, runProgram } from '../programs.ts';
import { publish } from './download.ts';

/**
 * Debian's and Ubuntu's own packages, unpacked into a folder of the cache: no service is installed or enabled.
 * @param packages names, or a function that finds them by `apt-cache`
 * @param renewLists asks for the lists of packages anew before
 * @returns the folder, or undefined where the machine has no apt
 */
export async function unpackDebian(target: string, packages: (aptCache: string) => Promise<string[]>, env: Env, renewLists = false): Promise<string | undefined> {
  const [aptGet, aptCache, dpkg] = ['apt-get', 'apt-cache', 'dpkg-deb'].map((name) => findProgram(name, env));
  if (!aptGet || !aptCache || !dpkg) return undefined;
  if (existsSync(target)) return target;
  if (renewLists) await must(aptGet, ['update', '-qq'], { env });
  const work = mkdtempSync(join(tmpdir(), 'mediai-debian-'));
  chmodSync(work, 0o777); // apt downloads as its own user
  try {
    await must(aptGet, ['download', '-qq', ...(await packages(aptCache))], { cwd: work, env });
    const draft = `${target}.${process.pid}.tmp`;
    mkdirSync(draft, { recursive: true });
    for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) await must(dpkg, ['-x', join(work, file), draft], { env });
    publish(draft, target);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function must(program: string, args: string[], options: { cwd?: string; env?: Env }): Promise<void> {
  const outcome = await runProgram(program, args, { ...options, timeoutMs: 180_000 });
  if (!outcome.ok) throw new Error(`${program} ${args[0]} failed: ${outcome.output.trim().split('\n').at(-1)}`);
}
