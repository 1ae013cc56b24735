import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import { readJson } from './json-file.ts';
import { removeContainers } from './parts/docker.ts';
import { statePaths } from './paths.ts';
import type { Env } from './paths.ts';
import { findSupervisor } from './session.ts';

/** The folder below which data may live outside the state directory: nothing else is ever wiped there. */
const outside = '/var/lib/mediai/';

/**
 * Removes a state directory, what it notes to have put elsewhere, and its containers. State directories inside it
 * that are in use (tests under way, parts) are kept, and so are its backups. Parts given by URL keep their data: they are
 * not ours.
 * @returns the folders removed
 */
export async function wipe(stateDir: string, env: Env): Promise<string[]> {
  if (!existsSync(stateDir)) return [];
  if (findSupervisor(stateDir)) throw new Failure(`The suite still runs in ${stateDir}: "npm run stop" ends it, then run "npm run reset" again.`);
  await removeContainers(stateDir, env);
  const wiped: string[] = [];
  for (const dir of readJson<string[]>(statePaths(stateDir).external, [])) {
    if (!dir.startsWith(outside)) continue;
    rmSync(dir, { recursive: true, force: true });
    wiped.push(dir);
  }
  let kept = false;
  for (const entry of readdirSync(stateDir)) {
    const path = join(stateDir, entry);
    if (path === statePaths(stateDir).backups) {
      kept = true;
      continue;
    }
    if (existsSync(statePaths(path).pids)) {
      if (findSupervisor(path)) {
        kept = true;
        continue;
      }
      wiped.push(...(await wipe(path, env)).filter((dir) => dir !== path));
    }
    rmSync(path, { recursive: true, force: true });
  }
  if (!kept) rmSync(stateDir, { recursive: true, force: true });
  return [...wiped, stateDir];
}
