import { createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, copyFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Failure } from '../failure.ts';
import { cacheDir } from '../paths.ts';
import type { Env } from '../paths.ts';
import { findProgram, runProgram } from '../programs.ts';
import { assertSha256, download, publish, readList } from './download.ts';

export type Jar = { coordinates: string; path: string; sha256: string; bytes: number };
export type JarList = { version: string; roots: string[]; jars: Jar[] };

/** Maven's default repository. */
export const repository = 'https://repo.maven.apache.org/maven2';

/** The committed list of Kafka's jars. */
export const readJarList = () => readList<JarList>('kafka-jars.json');

/** Names of the list's jars that are missing from a folder or are not what the list says. Empty: all is well. */
export async function faultyJars(list: JarList, dir: string): Promise<string[]> {
  const checks = await Promise.all(
    list.jars.map(async (jar) => {
      const file = join(dir, basename(jar.path));
      if (!existsSync(file)) return jar.coordinates;
      const hash = createHash('sha256');
      await pipeline(createReadStream(file), hash);
      return hash.digest('hex') === jar.sha256 ? undefined : jar.coordinates;
    }),
  );
  return checks.filter((name) => name !== undefined);
}

/**
 * The folder in the cache that holds exactly Kafka's jars, every one checked against its SHA-256 each time.
 * Filled by Maven where it is (the user's settings and mirrors apply), otherwise by HTTPS from Maven's default repository.
 */
export async function kafkaJars(env: Env, log: (line: string) => void): Promise<string> {
  const list = readJarList();
  const target = join(cacheDir(env), `kafka-${list.version}`);
  if (existsSync(target)) {
    const faulty = await faultyJars(list, target);
    if (faulty.length === 0) return target;
    log(`${faulty.length} of Kafka's jars in the cache are missing or damaged: fetching them again`);
    rmSync(target, { recursive: true, force: true });
  }
  const draft = `${target}.${process.pid}.tmp`;
  mkdirSync(draft, { recursive: true });
  try {
    if (!(await fetchByMaven(list, draft, env, log))) await fetchByHttps(list, draft, log);
    publish(draft, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return target;
}

/** A pom with the list's roots only: Maven resolves the rest as the list was made. */
export function pomOf(list: JarList): string {
  const dependencies = list.roots.map((root) => {
    const [group, artifact, version] = root.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project><modelVersion>4.0.0</modelVersion><groupId>mediai</groupId><artifactId>kafka-jars</artifactId><version>1</version><dependencies>${dependencies.join('')}</dependencies></project>\n`;
}

async function fetchByMaven(list: JarList, dir: string, env: Env, log: (line: string) => void): Promise<boolean> {
  const maven = findProgram('mvn', env);
  if (!maven) return false;
  const work = mkdtempSync(join(tmpdir(), 'mediai-kafka-'));
  try {
    writeFileSync(join(work, 'pom.xml'), pomOf(list));
    const args = ['-q', '-B', '-f', join(work, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${join(work, 'jars')}`, '-DincludeScope=runtime'];
    const outcome = await runProgram(maven, args, { cwd: work, env, timeoutMs: 300_000 });
    if (!outcome.ok) {
      log(`Maven could not fetch Kafka's jars (${outcome.output.trim().split('\n')[0]}): trying HTTPS`);
      return false;
    }
    for (const jar of list.jars) {
      const file = join(work, 'jars', basename(jar.path));
      if (!existsSync(file)) {
        log(`Maven did not bring ${jar.coordinates}: trying HTTPS`);
        return false;
      }
      assertSha256(jar.coordinates, readFileSync(file), jar.sha256);
      copyFileSync(file, join(dir, basename(jar.path)));
    }
    return true;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function fetchByHttps(list: JarList, dir: string, log: (line: string) => void): Promise<void> {
  const waiting = [...list.jars];
  let done = 0;
  const worker = async () => {
    for (let jar = waiting.pop(); jar; jar = waiting.pop()) {
      const bytes = await download(`${repository}/${jar.path}`);
      assertSha256(jar.coordinates, bytes, jar.sha256);
      writeFileSync(join(dir, basename(jar.path)), bytes);
      done += 1;
      if (done % 15 === 0) log(`Kafka's jars: ${done} of ${list.jars.length}`);
    }
  };
  const outcomes = await Promise.allSettled([worker(), worker(), worker(), worker()]);
  const failed = outcomes.find((o) => o.status === 'rejected');
  if (failed) throw failed.reason instanceof Error ? failed.reason : new Failure(String(failed.reason));
}
