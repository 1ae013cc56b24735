import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Failure, isDiskFull } from './failure.ts';
import { root } from './paths.ts';
import type { Env } from './paths.ts';
import { endProcess, startTimeOf } from './processes.ts';

export type TurboOptions = { env: Env; signal?: AbortSignal; onLine?: (line: string) => void };

/** Runs a program in the repository with its own process group, ended when `signal` aborts. Never throws: returns its code and output. */
export function runTool(command: string, args: string[], options: TurboOptions & { cwd?: string }): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const lines: string[] = [];
    const child = spawn(command, args, { cwd: options.cwd ?? root, env: options.env as NodeJS.ProcessEnv, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const abort = () => void (child.pid && endProcess({ pid: child.pid, startedAt: startTimeOf(child.pid) ?? '' }, 'SIGTERM', 5000));
    options.signal?.addEventListener('abort', abort, { once: true });
    if (options.signal?.aborted) abort();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        options.onLine?.(line);
      });
    }
    const finish = (code: number) => {
      options.signal?.removeEventListener('abort', abort);
      // turbo ends with 0 when it is asked to end: what was cut short did not succeed.
      resolve({ code: options.signal?.aborted ? 130 : code, output: lines.join('\n') });
    };
    child.once('error', (error) => (lines.push(error.message), finish(1)));
    child.once('close', (code) => finish(code ?? 1));
  });
}

/** The environment in which tools of the repository run: quiet, without telemetry, Prisma without its engine's download. */
export function toolEnv(env: Env): Env {
  return { ...env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1', PRISMA_SCHEMA_ENGINE_BINARY: '/bin/false', FORCE_COLOR: '0', NO_COLOR: '1', CI: '1' };
}

export const binary = (name: string): string => join(root, 'node_modules/.bin', name);

/** `turbo run <tasks>`: cached where nothing changed. Returns code and output. */
export function turbo(args: string[], options: TurboOptions): Promise<{ code: number; output: string }> {
  return runTool(binary('turbo'), ['run', ...args], { ...options, env: toolEnv(options.env) });
}

/** Generates and builds what is needed to run. Throws a Failure with the first error's words. */
export async function build(tasks: string[], options: TurboOptions): Promise<string> {
  const { code, output } = await turbo([...tasks, '--output-logs=new-only'], options);
  if (code !== 0) {
    if (isDiskFull(output)) throw new Failure('No space left on device');
    const words = output.split('\n').filter((line) => /error/i.test(line)).slice(0, 3).join(' ');
    throw new Failure(`The build failed (${words || output.split('\n').at(-1)}): "npm run ${tasks.at(-1)}" shows all of it.`);
  }
  const cached = /Cached:\s+(\d+) cached, (\d+) total/.exec(output);
  return cached ? `${cached[1]} of ${cached[2]} cached` : '';
}
