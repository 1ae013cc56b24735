import { execFile } from 'node:child_process';
import { Failure } from '../failure.ts';
import type { Env } from '../paths.ts';
import { findProgram } from '../programs.ts';

export type Answer = { ok: boolean; stdout: string; stderr: string };

export type Kubectl = {
  /** Runs kubectl to its end; `input` is what it reads from standard input. Never throws. */
  run(args: string[], input?: string): Promise<Answer>;
  /** The same, its output; throws a Failure with kubectl's own first words where it refuses. */
  must(args: string[], input?: string): Promise<string>;
  /** An object or a list, as the API server has it. */
  get<T>(args: string[]): Promise<T>;
};

/** kubectl on PATH, talking to whatever KUBECONFIG names. Throws a Failure with a remedy where there is none. */
export function findKubectl(env: Env): Kubectl {
  const program = findProgram('kubectl', env);
  if (!program) throw new Failure('kubectl is not on PATH: install it (https://kubernetes.io/docs/tasks/tools) and run the command again.');

  const run: Kubectl['run'] = (args, input) => new Promise((resolve) => {
    const child = execFile(program, args, { env: env as NodeJS.ProcessEnv, maxBuffer: 64e6, timeout: 600_000 }, (error, stdout, stderr) =>
      resolve({ ok: !error, stdout, stderr: stderr || (error?.message ?? '') }));
    // A kubectl that ends before it has read everything says itself why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
  const must: Kubectl['must'] = async (args, input) => {
    const answer = await run(args, input);
    if (!answer.ok) throw new Failure(`kubectl ${args.slice(0, 3).join(' ')} was refused: ${firstWords(answer.stderr)}`);
    return answer.stdout;
  };
  return { run, must, get: async <T>(args: string[]) => JSON.parse(await must(['get', ...args, '-o', 'json'])) as T };
}

export type Cluster = { server: string; version: string; nodes: number; isFaked: boolean };

type Node = { metadata: { annotations?: Record<string, string> }; status: { conditions: { type: string; status: string }[] } };

/** The cluster that answers. Throws a Failure with a remedy where none does, or none of its nodes is ready. */
export async function describeCluster(kubectl: Kubectl): Promise<Cluster> {
  const version = await kubectl.run(['version', '-o', 'json', '--request-timeout=10s']);
  if (!version.ok) throw new Failure(`No cluster answers (${firstWords(version.stderr)}): name one by KUBECONFIG, or begin one ("kind create cluster"), and run the command again.`);
  const { items } = await kubectl.get<{ items: Node[] }>(['nodes']);
  const ready = items.filter(({ status }) => status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'));
  if (ready.length === 0) throw new Failure('The cluster has no node that is ready: nothing could ever roll out there.');
  const server = await kubectl.must(['config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}']);
  return {
    server,
    version: (JSON.parse(version.stdout) as { serverVersion: { gitVersion: string } }).serverVersion.gitVersion,
    nodes: ready.length,
    isFaked: ready.some(({ metadata }) => metadata.annotations?.['kwok.x-k8s.io/node'] !== undefined),
  };
}

/** The first line that is no warning. */
export function firstWords(text: string): string {
  return text.split('\n').map((line) => line.trim()).find((line) => line && !/^(Warning|W\d{4})/.test(line)) ?? 'it gave no reason';
}
