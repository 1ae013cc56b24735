import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, sentenceOf } from './failure.ts';
import { readJson, writeJson } from './json-file.ts';
import { statePaths } from './paths.ts';
import type { Identity } from './processes.ts';
import { createProcesses, endProcess, isAlive, startTimeOf } from './processes.ts';

/** Thrown where a person's Ctrl-C or a `stop` ends a start that is under way. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

const supervisorFile = (stateDir: string) => join(statePaths(stateDir).pids, 'supervisor.json');

/** The launcher that now runs on a state directory, if there is one. */
export function findSupervisor(stateDir: string): Identity | undefined {
  const identity = readJson<Identity | undefined>(supervisorFile(stateDir), undefined);
  return identity && isAlive(identity) ? identity : undefined;
}

export type Session = {
  stateDir: string;
  /** Aborted by SIGINT, SIGTERM or SIGHUP. */
  signal: AbortSignal;
  /** Registers what must be undone at the end; the last registered is undone first. */
  onEnd(undo: () => Promise<void>): void;
  /** Resolves when a signal asks to end. */
  untilAsked(): Promise<void>;
};

/**
 * Runs `work` as the only launcher of a state directory and undoes everything it registered, however it ends:
 * returned, thrown, Ctrl-C. Processes that an earlier launcher left behind (killed with -9) are ended first.
 * @returns the process exit code; errors are told in one sentence on standard error
 */
export async function runSession(stateDir: string, work: (session: Session) => Promise<number>): Promise<number> {
  const undos: (() => Promise<void>)[] = [];
  const ending = new AbortController();
  const asked = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve(), { once: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort(new Interrupted('interrupted')));
  // A terminal that has gone away must not end the orderly stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  let code = 1;
  let working: Promise<number> | undefined;
  let isWaiting = false;
  let isOwner = false;
  try {
    takeOwnership(stateDir);
    isOwner = true;
    await createProcesses(statePaths(stateDir)).endLeftovers();
    const untilAsked = async () => {
      isWaiting = true;
      const awake = setInterval(() => undefined, 60_000); // a pending promise alone would let the process end
      await asked;
      clearInterval(awake);
    };
    working = work({ stateDir, signal: ending.signal, onEnd: (undo) => void undos.push(undo), untilAsked });
    const interrupted = asked.then(() => (isWaiting ? working! : Promise.reject<number>(ending.signal.reason)));
    code = await Promise.race([working, interrupted]);
  } catch (error) {
    code = tell(error, stateDir);
  }
  await undoAll(undos, stateDir);
  if (isOwner) {
    // What was under way when the interruption came refuses to go on; what it still registered is undone as well.
    await Promise.race([working?.catch(() => undefined), sleep(10_000, undefined, { ref: false })]);
    await undoAll(undos, stateDir);
    await createProcesses(statePaths(stateDir)).endLeftovers();
    rmSync(statePaths(stateDir).ready, { force: true });
    rmSync(supervisorFile(stateDir), { force: true });
  }
  return code;
}

async function undoAll(undos: (() => Promise<void>)[], stateDir: string): Promise<void> {
  for (let undo = undos.pop(); undo; undo = undos.pop()) {
    await undo().catch((error: Error) => process.stderr.write(`✗ while stopping: ${sentenceOf(error, stateDir)}\n`));
  }
}

/** Tells an error in one sentence; returns the exit code it stands for. */
function tell(error: unknown, stateDir: string): number {
  if (error instanceof Interrupted) return 130;
  process.stderr.write(`\n✗ ${sentenceOf(error, stateDir)}\n`);
  if (process.env.MEDIAI_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return 1;
}

function takeOwnership(stateDir: string): void {
  const other = findSupervisor(stateDir);
  if (other && other.pid !== process.pid) {
    throw new Failure(`It already runs here (process ${other.pid}, state in ${stateDir}): "npm run stop" ends it.`);
  }
  rmSync(statePaths(stateDir).ready, { force: true });
  writeJson(supervisorFile(stateDir), { pid: process.pid, startedAt: startTimeOf(process.pid)! });
}

/** Asks the launcher of a state directory to end and waits; then ends whatever it left. Returns the names of what was ended. */
export async function endSession(stateDir: string): Promise<string[]> {
  if (!existsSync(statePaths(stateDir).pids)) return [];
  const supervisor = findSupervisor(stateDir);
  if (supervisor) await endProcess(supervisor, 'SIGTERM', 60_000);
  const left = await createProcesses(statePaths(stateDir)).endLeftovers();
  rmSync(statePaths(stateDir).ready, { force: true });
  return [...(supervisor ? ['supervisor'] : []), ...left];
}

/**
 * Runs this same command again without a terminal and waits until it writes `ready.json` or ends.
 * @param log the file that takes its output, shown here as it grows
 * @returns 0 when it is ready and stays; 1 when it ended (its own words have been shown)
 */
export async function detach(stateDir: string): Promise<number> {
  const { logs, ready } = statePaths(stateDir);
  mkdirSync(logs, { recursive: true });
  rmSync(ready, { force: true });
  const file = join(logs, 'supervisor.log');
  const log = openSync(file, 'w');
  const args = process.argv.slice(1).filter((arg) => arg !== '--detach');
  const child = spawn(process.execPath, [...process.execArgv, ...args], { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended: number | null | undefined;
  child.once('exit', (code) => (ended = code ?? 1));
  const stopAsking = () => void endProcess({ pid: child.pid!, startedAt: startTimeOf(child.pid!) ?? '' }).then(() => process.exit(130));
  process.on('SIGINT', stopAsking).on('SIGTERM', stopAsking);
  for (let shown = 0; ; await sleep(100)) {
    const isReady = readJson<{ pid?: number }>(ready, {}).pid === child.pid;
    const text = readFileSync(file, 'utf8');
    process.stdout.write(text.slice(shown));
    shown = text.length;
    if (isReady) {
      child.unref();
      return 0;
    }
    if (ended !== undefined) return ended === 0 ? 0 : 1;
  }
}

/**
 * Prepares state directories for a run that begins afresh: refuses where one is in use, ends what a killed run left, then wipes.
 * @param dirs the directories, any of which may hold processes of a former run
 */
export async function clearState(dirs: string[], wipe: () => Promise<unknown>): Promise<void> {
  for (const dir of dirs) {
    const other = findSupervisor(dir);
    if (other) throw new Failure(`It already runs here (process ${other.pid}, state in ${dir}): wait for it, or end it, and run the command again.`);
    if (existsSync(statePaths(dir).pids)) await createProcesses(statePaths(dir)).endLeftovers();
  }
  await wipe();
}
