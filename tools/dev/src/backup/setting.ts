import { Failure } from '../failure.ts';
import type { Env } from '../paths.ts';
import { consultationFiles, statePaths } from '../paths.ts';
import type { PartContext } from '../parts/part.ts';
import { createPorts } from '../ports.ts';
import { createProcesses } from '../processes.ts';
import { createSecrets } from '../secrets.ts';

/** Throws where the database is not ours to back up or to restore. */
export function refuseOthers(env: Env, what: 'backup' | 'restore'): void {
  if (!env.POSTGRES_URL) return;
  const remedy = what === 'backup' ? 'pg_dump or pg_basebackup of that server, or the snapshots of whoever runs it' : 'that server\'s own way, then "npm run restore -- after <superuser\'s URL> --since <time of the state>"';
  throw new Failure(`POSTGRES_URL is set: that PostgreSQL is its owner's to ${what === 'backup' ? 'back up' : 'restore'} (${remedy}; docs/exploitation.md). Unset it for the suite's own.`);
}

/** Consultation's folder of files, as `npm start` gives it; undefined where it keeps them in a bucket. */
export function filesDirOf(env: Env, files: string): string | undefined {
  return env.S3_BUCKET ? undefined : env.CONSULTATION_FICHIERS_DIR || consultationFiles(files);
}

/** What the suite's own PostgreSQL is started with in a state directory. */
export function contextOf(stateDir: string, signal?: AbortSignal): PartContext {
  const paths = statePaths(stateDir);
  return { stateDir, env: process.env, log: () => undefined, ports: createPorts(paths.ports), processes: createProcesses(paths, signal), durability: 'durable', secret: createSecrets(paths.secrets) };
}
