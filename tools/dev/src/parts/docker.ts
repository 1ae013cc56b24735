import { createHash } from 'node:crypto';
import { Failure } from '../failure.ts';
import { findProgram, runProgram } from '../programs.ts';
import type { Env } from '../paths.ts';
import type { Part, PartContext } from './part.ts';

/** True where the Docker client is on PATH and its engine answers. */
export async function dockerAnswers(env: Env): Promise<boolean> {
  const docker = findProgram('docker', env);
  return docker ? (await runProgram(docker, ['version', '--format', '{{.Server.Version}}'], { env, timeoutMs: 10_000 })).ok : false;
}

export type Container = { image: string; port: number; containerPort: number; env?: Record<string, string>; args?: string[]; dataDir?: string };

/**
 * One part as a container of its own on 127.0.0.1:`port`, its data in a named volume.
 * @returns what ends, brings back and signals it
 */
export async function runContainer(name: Part['name'], spec: Container, context: PartContext): Promise<Pick<Part, 'stop' | 'start' | 'signal'>> {
  const docker = findProgram('docker', context.env)!;
  const id = containerName(name, context.stateDir);
  const call = async (...args: string[]) => {
    const outcome = await runProgram(docker, args, { env: context.env, timeoutMs: 600_000 });
    if (!outcome.ok) throw new Failure(`Docker could not run ${spec.image} (${outcome.output.trim().split('\n').at(-1)}): check "docker info" and run the command again.`);
  };
  const start = async () => {
    await runProgram(docker, ['rm', '-f', id], { env: context.env });
    await call(
      'run', '-d', '--name', id, '-p', `127.0.0.1:${spec.port}:${spec.containerPort}`,
      ...Object.entries(spec.env ?? {}).flatMap(([key, value]) => ['-e', `${key}=${value}`]),
      ...(spec.dataDir ? ['-v', `${id}:${spec.dataDir}`] : []),
      spec.image, ...(spec.args ?? []),
    );
  };
  await start();
  return {
    start,
    stop: () => call('rm', '-f', id),
    signal: (signal) => void call('kill', '--signal', signal, id).catch((error: Error) => context.log(error.message)),
  };
}

/** The container (and volume) of a part: one per state directory. */
export function containerName(part: string, stateDir: string): string {
  return `mediai-${createHash('sha256').update(stateDir).digest('hex').slice(0, 8)}-${part}`;
}

/** Removes the containers and volumes of a state directory, where Docker answers. */
export async function removeContainers(stateDir: string, env: Env): Promise<void> {
  const docker = findProgram('docker', env);
  if (!docker || !(await dockerAnswers(env))) return;
  for (const part of ['postgres', 'redis', 'kafka']) {
    const id = containerName(part, stateDir);
    await runProgram(docker, ['rm', '-f', id], { env });
    await runProgram(docker, ['volume', 'rm', '-f', id], { env });
  }
}
