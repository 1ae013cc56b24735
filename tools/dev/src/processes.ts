import { spawn } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, closeSync, readFileSync, readdirSync, rmSync, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJson, writeJson } from './json-file.ts';
import type { Env } from './paths.ts';

/** A process as it is known beyond its pid: a recycled pid has another start time. */
export type Identity = { pid: number; startedAt: string };

/**
 * When the process with this pid started, in a form to compare only (clock ticks on Linux, a date elsewhere),
 * or undefined where there is no such process (a zombie is none).
 */
export function startTimeOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return startTimeFromStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/<pid>/stat (proc(5)): the fields are counted after the last `)`, for a command's name may hold spaces. */
export function startTimeFromStat(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

/** True where this very process still runs. */
export function isAlive(identity: Identity): boolean {
  return startTimeOf(identity.pid) === identity.startedAt;
}

/** Sends a signal to the process's whole group, or to the process alone where it leads none. Nothing when it is gone. */
export function signalGroup(identity: Identity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  for (const target of [-identity.pid, identity.pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Asks a process to end, insists with SIGKILL after `graceMs`, and returns when it is gone. */
export async function endProcess(identity: Identity, signal: NodeJS.Signals = 'SIGTERM', graceMs = 25_000): Promise<void> {
  signalGroup(identity, 'SIGCONT');
  signalGroup(identity, signal);
  const limit = Date.now() + graceMs;
  while (isAlive(identity)) {
    if (Date.now() > limit) signalGroup(identity, 'SIGKILL');
    await sleep(50);
  }
}

export type RunOptions = {
  name: string;
  command: string;
  args: string[];
  env: Env;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** How it is asked to end. */
  stopSignal?: NodeJS.Signals;
  graceMs?: number;
  /** Receives each line of output; without it the output goes straight to the log file, which needs no living parent. */
  onLine?: (line: string) => void;
};

export type Running = {
  name: string;
  identity: Identity;
  /** Resolves when the process has ended, with its code or signal. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stop(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** The last lines of its log, for an error's words. */
  logTail(lines?: number): string;
};

export type Processes = {
  /** Starts a process in its own group; its output goes to `logs/<name>.log`, its identity to `pids/<name>.json`. */
  run(options: RunOptions): Promise<Running>;
  /** Ends every process a former run left behind, by its recorded identity only. Returns their names. */
  endLeftovers(): Promise<string[]>;
};

/** The processes of one state directory. Once `signal` has aborted none is started any more. */
export function createProcesses(paths: { logs: string; pids: string }, signal?: AbortSignal): Processes {
  mkdirSync(paths.logs, { recursive: true });
  mkdirSync(paths.pids, { recursive: true });

  async function run(options: RunOptions): Promise<Running> {
    signal?.throwIfAborted();
    const { name } = options;
    const logFile = join(paths.logs, `${name}.log`);
    const pidFile = join(paths.pids, `${name}.json`);
    const child = spawnLogged(options, logFile);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    const identity = { pid: child.pid!, startedAt: startTimeOf(child.pid!) ?? 'gone' };
    writeJson(pidFile, identity);
    const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        if (readJson<Partial<Identity>>(pidFile, {}).pid === identity.pid) rmSync(pidFile, { force: true });
        resolve({ code, signal });
      };
      if (child.exitCode !== null || child.signalCode !== null) end(child.exitCode, child.signalCode);
      else child.once('exit', end);
    });
    return {
      name,
      identity,
      ended,
      async stop() {
        await endProcess(identity, options.stopSignal ?? 'SIGTERM', options.graceMs ?? 25_000);
        await ended;
      },
      signal: (signal) => signalGroup(identity, signal),
      logTail: (lines = 20) => tailOf(logFile, lines),
    };
  }

  async function endLeftovers(): Promise<string[]> {
    const found = readdirSync(paths.pids).filter((file) => file.endsWith('.json'));
    const ended = await Promise.all(
      found.map(async (file) => {
        const identity = readJson<Identity>(join(paths.pids, file), { pid: 0, startedAt: '' });
        const alive = identity.pid > 0 && identity.pid !== process.pid && isAlive(identity);
        if (alive) await endProcess(identity);
        if (identity.pid !== process.pid) rmSync(join(paths.pids, file), { force: true });
        return alive ? [file.replace(/\.json$/, '')] : [];
      }),
    );
    return ended.flat();
  }

  return { run, endLeftovers };
}

function spawnLogged(options: RunOptions, logFile: string): ChildProcess {
  const base = { cwd: options.cwd, env: options.env as NodeJS.ProcessEnv, detached: true, uid: options.uid, gid: options.gid };
  if (!options.onLine) {
    const log = openSync(logFile, 'a');
    const child = spawn(options.command, options.args, { ...base, stdio: ['ignore', log, log] });
    closeSync(log);
    return child;
  }
  const child = spawn(options.command, options.args, { ...base, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(logFile, { flags: 'a' });
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      options.onLine!(line);
    });
  }
  child.once('close', () => log.end());
  return child;
}

/** The last lines of a text file, or nothing where there is none. */
export function tailOf(file: string, lines: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
