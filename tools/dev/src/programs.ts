import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Env } from './paths.ts';

/** The full path of a program on PATH, or undefined. */
export function findProgram(name: string, env: Env): string | undefined {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((dir) => join(dir, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export type Outcome = { ok: boolean; output: string };

/** Runs a program to its end. Never throws: `ok` says whether it ended with 0, `output` is what it said on both streams. */
export function runProgram(file: string, args: string[], options: { cwd?: string; env?: Env; uid?: number; gid?: number; timeoutMs?: number } = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { cwd: options.cwd, env: options.env as NodeJS.ProcessEnv, uid: options.uid, gid: options.gid, timeout: options.timeoutMs ?? 60_000, maxBuffer: 16e6 },
      (error, stdout, stderr) => resolve({ ok: !error, output: `${stdout}${stderr}${error && !stderr ? error.message : ''}` }),
    );
  });
}

/** True for root, on systems that have one. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
