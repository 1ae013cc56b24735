/** `npm run doctor`: what is there, what is missing, what to do. Looks only: nothing is started or fetched. */
import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { main, readOptions } from './command-line.ts';
import { readJson } from './json-file.ts';
import { readList } from './parts/download.ts';
import type { Wheel } from './parts/download.ts';
import { dockerAnswers } from './parts/docker.ts';
import { javaMajor, oldestJava } from './parts/java.ts';
import { faultyJars, readJarList } from './parts/kafka-jars.ts';
import { probe } from './parts/kafka.ts';
import { findInstallation, serverVersion } from './parts/postgres.ts';
import { ping, redisRemedy } from './parts/redis.ts';
import { cacheDir, root, statePaths } from './paths.ts';
import type { Env } from './paths.ts';
import { isPortFree } from './ports.ts';
import { findProgram, isRoot, runProgram } from './programs.ts';
import { findSupervisor } from './session.ts';
import { isReal, voices } from './suite.ts';

type Finding = { name: string; state: 'ok' | 'later' | 'missing'; text: string };
const ok = (name: string, text: string): Finding => ({ name, state: 'ok', text });
const later = (name: string, text: string): Finding => ({ name, state: 'later', text });
const missing = (name: string, text: string): Finding => ({ name, state: 'missing', text });
const marks = { ok: '✓', later: '·', missing: '✗' };

await main(async () => {
  const { stateDir } = readOptions({});
  const env = process.env;
  const docker = await dockerAnswers(env);
  const findings = await Promise.all([
    ok('Node', `${process.version} (${process.execPath})`),
    postgres(env, docker),
    redis(env, docker),
    java(env, docker),
    jars(env),
    docker ? ok('Docker', 'its engine answers') : later('Docker', 'not there; only needed where another source is missing, and for --docker'),
    suite(stateDir),
    disk(stateDir),
    ...voices.map((voice) => (isReal(env, voice) ? ok(voice.name, 'real') : later(voice.name, `SIMULATION; set ${voice.key} for the real voice`))),
  ]);
  const width = Math.max(...findings.map(({ name }) => name.length));
  for (const { name, state, text } of findings) console.log(`${marks[state]} ${name.padEnd(width)}  ${text}`);
  const faults = findings.filter(({ state }) => state === 'missing').length;
  console.log(faults === 0 ? '\n"npm start" has what it needs.' : `\n${faults} thing${faults > 1 ? 's' : ''} to do before "npm start".`);
  return faults === 0 ? 0 : 1;
});

async function postgres(env: Env, docker: boolean): Promise<Finding> {
  if (env.POSTGRES_URL) {
    return serverVersion(env.POSTGRES_URL).then((v) => ok('PostgreSQL', `version ${v} at POSTGRES_URL`), (e: Error) => missing('PostgreSQL', `POSTGRES_URL does not answer (${e.message}): correct it or unset it`));
  }
  const found = await findInstallation({ env, log: () => {} });
  if (found) return ok('PostgreSQL', `version ${found.major}, ${found.binDir}`);
  return docker ? ok('PostgreSQL', 'by Docker') : missing('PostgreSQL', 'set POSTGRES_URL, install PostgreSQL 15 or newer, or start Docker');
}

async function redis(env: Env, docker: boolean): Promise<Finding> {
  if (env.REDIS_URL) return ping(env.REDIS_URL).then(() => ok('Redis', 'at REDIS_URL'), (e: Error) => missing('Redis', `REDIS_URL does not answer (${e.message}): correct it or unset it`));
  const program = findProgram('redis-server', env);
  if (program) return ok('Redis', program);
  const wheel = readList<{ redis: Wheel }>('wheels.json').redis;
  if ([join(cacheDir(env), 'redis-debian'), join(cacheDir(env), `${wheel.project}-${wheel.version}`)].some((dir) => existsSync(dir))) return ok('Redis', `unpacked in ${cacheDir(env)}`);
  if (findProgram('apt-get', env) || wheel.files[`${process.platform}-${process.arch}`]) return later('Redis', `"npm start" unpacks it into ${cacheDir(env)}`);
  return docker ? ok('Redis', 'by Docker') : later('Redis', `${redisRemedy} "npm start" runs without it, "npm test" needs it`);
}

async function java(env: Env, docker: boolean): Promise<Finding> {
  if (env.KAFKA_BROKERS) {
    const error = await probe(env.KAFKA_BROKERS.split(','));
    return error ? missing('Kafka', `KAFKA_BROKERS does not answer (${error.message}): correct it or unset it`) : ok('Kafka', 'at KAFKA_BROKERS');
  }
  for (const program of [env.JAVA_HOME && join(env.JAVA_HOME, 'bin/java'), findProgram('java', env)]) {
    if (!program || !existsSync(program)) continue;
    const major = javaMajor((await runProgram(program, ['-version'])).output);
    if (major >= oldestJava) return ok('Java', `version ${major}, ${program}`);
  }
  const wheel = readList<{ jre: Wheel }>('wheels.json').jre;
  if (existsSync(join(cacheDir(env), `${wheel.project}-${wheel.version}`))) return ok('Java', `a JRE in ${cacheDir(env)}`);
  if (wheel.files[`${process.platform}-${process.arch}`] || (isRoot() && findProgram('apt-get', env))) return later('Java', `"npm start" fetches a JRE into ${cacheDir(env)}`);
  return docker ? ok('Java', 'not needed: Kafka by Docker') : missing('Java', `install a JDK ${oldestJava} or newer, set KAFKA_BROKERS, or start Docker`);
}

async function jars(env: Env): Promise<Finding> {
  const list = readJarList();
  const dir = join(cacheDir(env), `kafka-${list.version}`);
  if (env.KAFKA_BROKERS) return ok('Kafka jars', 'not needed');
  if (!existsSync(dir)) return later('Kafka jars', `"npm start" fetches ${list.jars.length} of them (45 MB) into ${dir}`);
  const faulty = await faultyJars(list, dir);
  return faulty.length === 0 ? ok('Kafka jars', dir) : later('Kafka jars', `${faulty.length} damaged in ${dir}; "npm start" fetches them again`);
}

async function suite(stateDir: string): Promise<Finding> {
  const supervisor = findSupervisor(stateDir);
  if (supervisor) return ok('Suite', `runs (process ${supervisor.pid}); ports in ${statePaths(stateDir).ports}`);
  if (!(await isPortFree(8000))) return missing('Suite', 'port 8000 is taken by another program: stop it');
  const ports = Object.keys(readJson<Record<string, number>>(statePaths(stateDir).ports, {}));
  return ok('Suite', ports.length > 0 ? 'stopped; its data is kept' : 'never started here');
}

function disk(stateDir: string): Finding {
  const { bavail, bsize } = statfsSync(existsSync(stateDir) ? stateDir : root);
  const gigabytes = (bavail * bsize) / 1e9;
  return gigabytes > 1 ? ok('Disk', `${gigabytes.toFixed(0)} GB free`) : missing('Disk', `only ${gigabytes.toFixed(1)} GB free below ${root}: free some space`);
}
