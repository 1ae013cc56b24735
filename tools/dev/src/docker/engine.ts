import { Failure } from '../failure.ts';
import { root } from '../paths.ts';
import type { Env } from '../paths.ts';
import { dockerAnswers } from '../parts/docker.ts';
import { findProgram, runProgram } from '../programs.ts';
import { runTool } from '../turbo.ts';

/** What an image says of itself. */
export type ImageConfig = { user: string; workingDir: string; command: string[]; labels: Record<string, string>; env: string[] };

export type Command = { command: string; args: string[] };

export type RunOptions = {
  env?: Env;
  /** Folders of this machine that the process sees at the same path. */
  folders?: string[];
  /** Runs as this user instead of the image's. */
  user?: string;
};

/** What builds images and runs programs in them, on this machine's own network. */
export type Engine = {
  name: 'docker' | 'buildah';
  /** Builds the image `tag` from the repository. Throws a Failure with the last words of a build that fails. */
  build(dockerfile: string, tag: string, args: Record<string, string>, signal: AbortSignal): Promise<void>;
  config(tag: string): Promise<ImageConfig>;
  /** The command of this machine that runs `args` in a fresh container of `tag`. */
  command(tag: string, args: string[], options?: RunOptions): Promise<Command>;
  /** Removes what `command` has left behind. */
  clear(): Promise<void>;
};

/** Docker where its engine answers, else buildah. Throws a Failure with a remedy where there is neither. */
export async function findEngine(env: Env): Promise<Engine> {
  if (await dockerAnswers(env)) return createDocker(findProgram('docker', env)!, env);
  const buildah = findProgram('buildah', env);
  if (buildah) return createBuildah(buildah, env);
  throw new Failure('Images need Docker or buildah: start Docker ("docker info" tells), or install buildah (Debian: "apt-get install buildah").');
}

async function must(program: string, args: string[], env: Env): Promise<string> {
  const outcome = await runProgram(program, args, { env, timeoutMs: 300_000 });
  if (!outcome.ok) throw new Failure(`${program} ${args[0]} failed: ${outcome.output.trim().split('\n').at(-1)}`);
  return outcome.output;
}

async function build(program: string, args: string[], tag: string, env: Env, signal: AbortSignal): Promise<void> {
  const { code, output } = await runTool(program, args, { env, signal });
  if (code !== 0) throw new Failure(`${tag} could not be built:\n${output.split('\n').slice(-15).join('\n')}`);
}

const pairs = (flag: string, values: Env): string[] => Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [flag, `${name}=${value}`]));

type DockerImage = { Config: { User?: string; WorkingDir?: string; Cmd?: string[]; Entrypoint?: string[]; Labels?: Record<string, string>; Env?: string[] } };

function createDocker(program: string, env: Env): Engine {
  const label = `mediai.launcher=${process.pid}`;
  return {
    name: 'docker',
    build: (dockerfile, tag, args, signal) => build(program, ['build', '-q', '-f', dockerfile, '-t', tag, ...pairs('--build-arg', args), root], tag, env, signal),
    async config(tag) {
      const [{ Config }] = JSON.parse(await must(program, ['image', 'inspect', tag], env)) as [DockerImage];
      return { user: Config.User ?? '', workingDir: Config.WorkingDir ?? '', command: [...(Config.Entrypoint ?? []), ...(Config.Cmd ?? [])], labels: Config.Labels ?? {}, env: Config.Env ?? [] };
    },
    async command(tag, [first = 'node', ...rest], { env: own = {}, folders = [], user } = {}) {
      const held = ['--rm', '--label', label, '--network', 'host', '--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
      const mounts = folders.flatMap((folder) => ['-v', `${folder}:${folder}`]);
      return { command: program, args: ['run', ...held, ...(user ? ['--user', user, '--cap-add', 'DAC_READ_SEARCH'] : []), ...mounts, ...pairs('-e', own), '--entrypoint', first, tag, ...rest] };
    },
    async clear() {
      // A client that was killed leaves its container behind.
      const left = (await must(program, ['ps', '--all', '--quiet', '--filter', `label=${label}`], env)).split('\n').filter(Boolean);
      if (left.length > 0) await must(program, ['rm', '--force', ...left], env);
    },
  };
}

type BuildahImage = { OCIv1: { config: DockerImage['Config'] } };

function createBuildah(program: string, env: Env): Engine {
  const containers: string[] = [];
  return {
    name: 'buildah',
    build: (dockerfile, tag, args, signal) => build(program, ['bud', '--pull=false', '-f', dockerfile, '-t', tag, ...pairs('--build-arg', args), root], tag, env, signal),
    async config(tag) {
      const { config } = (JSON.parse(await must(program, ['inspect', '--type', 'image', tag], env)) as BuildahImage).OCIv1;
      return { user: config.User ?? '', workingDir: config.WorkingDir ?? '', command: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])], labels: config.Labels ?? {}, env: config.Env ?? [] };
    },
    async command(tag, args, { env: own = {}, folders = [], user } = {}) {
      const container = (await must(program, ['from', '--pull=false', tag], env)).trim().split('\n').at(-1)!;
      containers.push(container);
      const mounts = folders.flatMap((folder) => ['-v', `${folder}:${folder}`]);
      return { command: program, args: ['run', ...(user ? ['--user', user] : []), ...mounts, ...pairs('--env', own), container, '--', ...args] };
    },
    async clear() {
      for (let container = containers.pop(); container; container = containers.pop()) await must(program, ['rm', container], env);
    },
  };
}
