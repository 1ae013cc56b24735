import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from './paths.ts';
import { root, statePaths } from './paths.ts';
import { Failure } from './failure.ts';
import { migrateAll, ensureAllTopics } from './databases.ts';
import { ensureParts } from './parts/index.ts';
import type { Parts } from './parts/index.ts';
import type { PartContext } from './parts/part.ts';
import { createPorts } from './ports.ts';
import type { Ports } from './ports.ts';
import { createProcesses } from './processes.ts';
import { createReplicas } from './replicas.ts';
import type { Replicas } from './replicas.ts';
import { createSecrets } from './secrets.ts';
import { seedAll } from './seed.ts';
import { fromCheckout } from './service-programs.ts';
import type { ServicePrograms } from './service-programs.ts';
import { supervise } from './service-process.ts';
import type { Supervised } from './service-process.ts';
import type { Session } from './session.ts';
import type { Steps } from './steps.ts';
import { internalUrl, sandboxEnv, serviceEnv, serviceNames } from './suite.ts';
import type { ServiceName, World } from './suite.ts';
import { build } from './turbo.ts';

export type Suite = { world: World; parts: Parts; services: Record<ServiceName, Supervised>; /** Where it is the suite's own. */ sandbox?: Supervised; replicas: Replicas };

export type BringUpOptions = {
  mode: World['mode'];
  env: Env;
  durability: PartContext['durability'];
  /** 8000, or undefined to probe one. */
  gatewayPort?: number;
  preferDocker?: boolean;
  /** True where generation and build have just been done. */
  isBuilt?: boolean;
  /** A sandbox that runs already, with this state directory's token, instead of one of the suite's own. */
  sandboxUrl?: string;
  /** What the services run from; the checkout's own build unless given. */
  programs?: ServicePrograms;
  onLine: (name: string, line: string) => void;
};

/**
 * Brings the whole suite up in a session's state directory: parts, code, databases, topics, demo data, sandbox,
 * services; returns when every service answers its readiness probe. What was started is registered with the session.
 */
export async function bringUp(session: Session, steps: Steps, options: BringUpOptions): Promise<Suite> {
  const { programs = fromCheckout } = options;
  const paths = statePaths(session.stateDir);
  if (existsSync(paths.restoring)) throw new Failure('A restore was cut short, and what lies here is not whole: run "npm run restore -- <file>" again.');
  const ports = createPorts(paths.ports);
  const gatewayPort = options.gatewayPort ? await ports.require('gateway', options.gatewayPort) : await ports.claim('gateway');
  const processes = createProcesses(paths, session.signal);
  const secret = createSecrets(paths.secrets);
  const context: PartContext = { ...options, stateDir: session.stateDir, ports, processes, secret, log: (line) => steps.print(`  ${line}`) };

  const [parts] = await allOrStop([bringParts(session, steps, context), options.isBuilt ? Promise.resolve('') : buildSuite(session, steps, options.env)]);
  const sandboxPort = await ports.claim('sandbox');
  const world: World = {
    mode: options.mode, env: options.env, gatewayPort, secret, filesDir: paths.files, redisUrl: parts.redis.url, kafkaBrokers: parts.kafka.url,
    sandboxUrl: options.sandboxUrl ?? `http://127.0.0.1:${sandboxPort}`, ports: await servicePorts(ports), postgres: {},
  };
  await allOrStop([
    steps.run('Databases', async () => {
      const { urls, said } = await migrateAll(parts.postgres.url, secret, programs.migrate?.(parts.kafka.url));
      world.postgres = urls;
      return said;
    }),
    ...(programs.migrate ? [] : [steps.run('Topics', () => ensureAllTopics(parts.kafka.url))]),
  ]);
  await steps.run('Demo data', (note) => seedAll(world, session, note, programs));
  const start = (name: string, args: string[], env: Env, readyUrl: string, command = process.execPath) =>
    supervise({ name, command, args, env, readyUrl, logs: paths.logs, processes, onLine: (line) => options.onLine(name, line), log: (line) => steps.print(`! ${line}`) });
  const sandbox = options.sandboxUrl ? undefined : start('sandbox', sandboxCommand, sandboxEnv(world, sandboxPort), `${world.sandboxUrl}/healthz`);
  const services = {} as Record<ServiceName, Supervised>;
  for (const name of serviceNames) {
    const { command, args, env } = await programs.command(name, 'main', serviceEnv(world, name));
    services[name] = start(name, args, env, `${internalUrl(world, name)}/readyz`, command);
  }
  session.onEnd(() => stopAll(services, sandbox));
  if (options.gatewayPort) await ports.require('gateway', options.gatewayPort); // it may have been taken meanwhile
  await steps.run('Services', async (note) => {
    const all = [...(sandbox ? [sandbox] : []), ...Object.values(services)];
    await Promise.all(all.map((service) => service.start()));
    let ready = 0;
    await Promise.all(all.map((service) => service.untilReady().then(() => note(`${(ready += 1)} of ${all.length} ready`))));
  });
  const replicas = createReplicas({ world, ports, programs, supervise: start });
  session.onEnd(replicas.endAll);
  return { world, parts, services, sandbox, replicas };
}

const sandboxCommand = ['--conditions=@mediai/source', '--disable-warning=ExperimentalWarning', join(root, 'tools/sandbox/src/main.ts')];

/** The gateway closes first (no new work comes), the sandbox last (work under way may still ask it). */
async function stopAll(services: Record<ServiceName, Supervised>, sandbox: Supervised | undefined): Promise<void> {
  await services.gateway.stop();
  await Promise.all(serviceNames.map((name) => services[name].stop()));
  await sandbox?.stop();
}

async function bringParts(session: Session, steps: Steps, context: PartContext): Promise<Parts> {
  return steps.run('PostgreSQL, Redis, Kafka', async (note) => {
    const parts = await ensureParts({ ...context, log: note }, (part) => note(part.detail));
    session.onEnd(parts.stop);
    return parts;
  });
}

async function buildSuite(session: Session, steps: Steps, env: Env): Promise<string> {
  return steps.run('Generated code and build', (note) => build(['generate', 'build'], { env, signal: session.signal, onLine: progressOf(note) }));
}

/** Notes how many of turbo's tasks have begun, and the last one. */
function progressOf(note: (text: string) => void): (line: string) => void {
  let begun = 0;
  return (line) => {
    const [, name, task] = /^@mediai\/([\w-]+):([\w-]+): cache (?:hit|miss)/.exec(line) ?? [];
    if (name) note(`${(begun += 1)} tasks, ${task} of ${name}`);
  };
}

async function servicePorts(ports: Ports): Promise<World['ports']> {
  const entries = [];
  for (const name of serviceNames) entries.push([name, { grpc: await ports.claim(`${name}-grpc`), internal: await ports.claim(`${name}-internal`) }] as const);
  return Object.fromEntries(entries) as World['ports'];
}

/** Like Promise.all, but waits for all to settle, so that what still came up is registered before the failure goes on. */
async function allOrStop<T extends readonly unknown[]>(promises: readonly [...{ [K in keyof T]: Promise<T[K]> }]): Promise<T> {
  const outcomes: PromiseSettledResult<unknown>[] = await Promise.allSettled(promises);
  const values = outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
  return values as unknown as T;
}

/** Throws where a part of the checkout that the suite runs is not there. */
export function assertComplete(): void {
  const missing = serviceNames.filter((name) => !existsSync(join(root, 'services', name, 'src/main.ts')));
  if (missing.length > 0) throw new Failure(`The checkout is incomplete: services/${missing.join(', services/')} have no src/main.ts; get them back with "git checkout".`);
}

/** Prints each line of a service behind its name, in colour on a terminal. */
export function createPrefixer(out: NodeJS.WriteStream): (name: string, line: string) => void {
  const width = Math.max(...serviceNames.map((name) => name.length));
  const colours = [36, 32, 33, 35, 34, 96, 90];
  return (name, line) => {
    const colour = colours[(serviceNames as readonly string[]).indexOf(name) + 1] ?? 0;
    const label = `${name.padEnd(width)} │`;
    out.write(`${out.isTTY ? `\x1b[${colour}m${label}\x1b[0m` : label} ${line}\n`);
  };
}
