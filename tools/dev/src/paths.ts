import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The repository's root, wherever the command was typed. */
export const root = resolve(import.meta.dirname, '../../..');

export type Env = Record<string, string | undefined>;

/** The per-user cache of programs (JRE, Kafka's jars, Redis): shared by every checkout, filled once. */
export function cacheDir(env: Env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'mediai');
}

/** Where a state directory keeps what. */
export function statePaths(stateDir: string) {
  return {
    backups: join(stateDir, 'backups'),
    data: join(stateDir, 'data'),
    external: join(stateDir, 'external.json'),
    files: join(stateDir, 'files'),
    logs: join(stateDir, 'logs'),
    pids: join(stateDir, 'pids'),
    ports: join(stateDir, 'ports.json'),
    ready: join(stateDir, 'ready.json'),
    restoring: join(stateDir, 'restoring.json'),
    secrets: join(stateDir, 'secrets.json'),
  };
}

/** Where the suite's consultation keeps files, below the folder of files. */
export const consultationFiles = (files: string): string => join(files, 'consultation');
