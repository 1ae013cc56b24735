import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { root } from '../paths.ts';
import type { Env } from '../paths.ts';
import { findProgram, runProgram } from '../programs.ts';
import type { Part, PartContext } from './part.ts';

export const composeFile = join(root, 'deploy/docker/compose.yaml');

/** True where the Docker client is on PATH and its engine answers. */
export async function dockerAnswers(env: Env): Promise<boolean> {
  const docker = findProgram('docker', env);
  return docker ? (await runProgram(docker, ['version', '--format', '{{.Server.Version}}'], { env, timeoutMs: 10_000 })).ok : false;
}

/** The compose project of a state directory: its containers and volumes carry this name. */
export function projectName(stateDir: string): string {
  return `mediai-${createHash('sha256').update(stateDir).digest('hex').slice(0, 8)}`;
}

/**
 * One part from deploy/docker/compose.yaml, on 127.0.0.1:`port`, its data in a volume of the state directory's project.
 * @param port the port of this machine that it answers on
 * @returns what ends, brings back and signals it
 */
export async function composePart(name: Part['name'], port: number, context: PartContext): Promise<Pick<Part, 'stop' | 'start' | 'signal' | 'pid'>> {
  const docker = findProgram('docker', context.env);
  if (!docker || !(await dockerAnswers(context.env))) {
    throw new Failure('Docker was asked for and its engine does not answer: start Docker ("docker info" tells), or leave out --docker.');
  }
  const env = { ...context.env, [`MEDIAI_${name.toUpperCase()}_PORT`]: String(port), MEDIAI_POSTGRES_PASSWORD: context.secret('postgres') };
  const compose = async (...args: string[]) => {
    const outcome = await runProgram(docker, ['compose', '-p', projectName(context.stateDir), '-f', composeFile, ...args], { env, timeoutMs: 900_000 });
    if (!outcome.ok) throw new Failure(`Docker could not bring ${name} up (${outcome.output.trim().split('\n').at(-1)}): see "docker compose ls" and "docker info".`);
  };
  const start = () => compose('up', '-d', '--wait', name);
  await start();
  return {
    start,
    stop: () => compose('stop', name),
    pid: () => undefined,
    signal: (signal) => void compose('kill', '-s', signal, name).catch((error: Error) => context.log(error.message)),
  };
}

/** Removes the containers and volumes of a state directory, where Docker answers. */
export async function removeContainers(stateDir: string, env: Env): Promise<void> {
  const docker = findProgram('docker', env);
  if (!docker || !(await dockerAnswers(env))) return;
  await runProgram(docker, ['compose', '-p', projectName(stateDir), '-f', composeFile, 'down', '-v'], { env: { ...env, MEDIAI_POSTGRES_PASSWORD: '-' }, timeoutMs: 120_000 });
}
