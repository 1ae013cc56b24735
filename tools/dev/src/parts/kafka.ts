import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { Failure, isDiskFull } from '../failure.ts';
import { readJson, writeJson } from '../json-file.ts';
import { statePaths } from '../paths.ts';
import type { Running } from '../processes.ts';
import { isAlive } from '../processes.ts';
import { runProgram } from '../programs.ts';
import { composePart, dockerAnswers } from './docker.ts';
import { findJava, oldestJava } from './java.ts';
import { kafkaJars } from './kafka-jars.ts';
import { externalPart } from './part.ts';
import type { Part, PartContext } from './part.ts';

/**
 * Kafka, a real broker in KRaft mode, one node: KAFKA_BROKERS, else Java and Kafka's jars (PATH, cache, package
 * manager), else Docker.
 * @returns a part whose url is `host:port[,host:port]`
 */
export async function ensureKafka(context: PartContext): Promise<Part> {
  const given = context.env.KAFKA_BROKERS;
  if (given) {
    const error = await probe(given.split(','));
    if (error) throw new Failure(`KAFKA_BROKERS does not answer (${error.message}): correct it, or unset it to use a broker of the suite's own.`);
    return externalPart('kafka', given, 'KAFKA_BROKERS');
  }
  if (context.preferDocker) return kafkaInDocker(context);
  const java = await findJava(context);
  if ('found' in java) return runBroker(java.found.program, java.source === 'wheel' ? 'cache' : 'path', context);
  if (await dockerAnswers(context.env)) return kafkaInDocker(context);
  throw new Failure(
    `Kafka needs Java ${oldestJava} or newer and none could be had (${(java.reasons.at(-1) ?? 'no java on PATH').replace(/: (check|correct) .*$/, '')}): install a JDK (Debian: "apt-get install default-jre-headless"), or set KAFKA_BROKERS, or start Docker.`,
  );
}

async function runBroker(java: string, origin: 'path' | 'cache', context: PartContext): Promise<Part> {
  const jars = await kafkaJars(context.env, context.log);
  const port = await context.ports.claim('kafka');
  const controllerPort = await context.ports.claim('kafka-controller');
  const dir = join(statePaths(context.stateDir).data, 'kafka');
  const files = { properties: join(dir, 'server.properties'), log4j: join(dir, 'log4j2.properties'), id: join(dir, 'cluster.json'), logs: join(dir, 'logs') };
  mkdirSync(dir, { recursive: true });
  writeFileSync(files.properties, properties(files.logs, port, controllerPort, context.durability));
  writeFileSync(files.log4j, log4j);
  const classPath = join(jars, '*');
  const jvm = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', `-Dlog4j2.configurationFile=${files.log4j}`, '-cp', classPath];
  if (!existsSync(join(files.logs, 'meta.properties'))) await format(java, jvm, files, context);
  let running: Running | undefined;
  const start = async () => {
    running = await context.processes.run({ name: 'kafka', command: java, args: ['-Xms192m', '-Xmx256m', ...jvm, 'kafka.Kafka', files.properties], env: context.env, cwd: dir, graceMs: 20_000 });
    await untilReady([`127.0.0.1:${port}`], running);
  };
  await start();
  return {
    name: 'kafka', url: `127.0.0.1:${port}`, origin, detail: `Kafka 4.4.0 (${java}), 127.0.0.1:${port}`, pid: () => running?.identity.pid,
    start,
    stop: async () => running?.stop(),
    signal: (signal) => running?.signal(signal),
  };
}

async function format(java: string, jvm: string[], files: { properties: string; id: string; logs: string }, context: PartContext): Promise<void> {
  rmSync(files.logs, { recursive: true, force: true });
  const kept = readJson<{ id?: string }>(files.id, {}).id;
  const id = kept !== undefined && isClusterId(kept) ? kept : newClusterId();
  writeJson(files.id, { id });
  const outcome = await runProgram(java, [...jvm, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', files.properties], { env: context.env, timeoutMs: 120_000 });
  if (!outcome.ok) {
    const words = isDiskFull(outcome.output) ? 'No space left on device' : outcome.output.trim().split('\n').at(-1);
    throw new Failure(`Kafka's storage could not be prepared (${words}): run "npm run reset" and start again.`);
  }
}

/** Kafka's tool takes an id that begins with a hyphen for an option of its own. */
export const isClusterId = (id: string): boolean => /^\w[\w-]{21}$/.test(id);

/** A new cluster id: 16 random bytes as base64url, drawn again where Kafka's tool could not read it. */
export function newClusterId(draw: () => Buffer = () => randomBytes(16)): string {
  const id = draw().toString('base64url');
  return isClusterId(id) ? id : newClusterId(draw);
}

/** One broker that is its own controller: every replication factor is 1. */
export function properties(logDir: string, port: number, controllerPort: number, durability: PartContext['durability']): string {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    `log.dirs=${logDir}`,
    'num.partitions=1',
    'default.replication.factor=1',
    'min.insync.replicas=1',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=2',
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    'share.coordinator.state.topic.num.partitions=2',
    'group.initial.rebalance.delay.ms=0',
    'auto.create.topics.enable=false',
    'num.network.threads=2',
    'num.io.threads=4',
    'log.cleaner.dedupe.buffer.size=16777216',
    ...(durability === 'durable' ? ['log.flush.interval.ms=1000'] : []),
    '',
  ].join('\n');
}

const log4j = `rootLogger.level = WARN
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %p %m (%c{1})%n
logger.server.name = kafka.server.KafkaRaftServer
logger.server.level = INFO
`;

async function untilReady(brokers: string[], running?: Running): Promise<void> {
  for (const limit = Date.now() + 90_000; ; await sleep(200)) {
    const error = await probe(brokers);
    if (!error) return;
    if (running && !isAlive(running.identity)) {
      const log = running.logTail(40);
      const words = isDiskFull(log) ? 'No space left on device' : (log.split('\n').findLast((line) => /ERROR|Exception/.test(line)) ?? log.split('\n').at(-1));
      throw new Failure(`Kafka did not start (${words?.trim()}): see logs/kafka.log in the state directory, or set KAFKA_BROKERS.`);
    }
    if (Date.now() > limit) {
      await running?.stop();
      throw new Failure(`Kafka did not answer within 90 s (${error.message}): see logs/kafka.log in the state directory.`);
    }
  }
}

/**
 * Asks a broker for its topics and for the coordinator of a group; "loading" and "not available" count as not ready yet.
 * @returns the error, or undefined when Kafka is ready
 */
export async function probe(brokers: string[]): Promise<Error | undefined> {
  const { Kafka, logLevel } = kafkajs;
  const admin = new Kafka({ clientId: 'mediai-probe', brokers, logLevel: logLevel.NOTHING, connectionTimeout: 2000, requestTimeout: 5000, retry: { retries: 0 } }).admin();
  try {
    await admin.connect();
    await admin.listTopics();
    await admin.fetchOffsets({ groupId: 'mediai-probe' });
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    await admin.disconnect().catch(() => undefined); // never connected: nothing to close
  }
}

async function kafkaInDocker(context: PartContext): Promise<Part> {
  const port = await context.ports.claim('kafka');
  const container = await composePart('kafka', port, context);
  await untilReady([`127.0.0.1:${port}`]);
  return { name: 'kafka', url: `127.0.0.1:${port}`, origin: 'docker', detail: `Kafka 4 (Docker), 127.0.0.1:${port}`, ...container };
}
