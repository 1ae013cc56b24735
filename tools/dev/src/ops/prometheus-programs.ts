import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { unpackDebian } from '../parts/debian.ts';
import { firstSource } from '../parts/part.ts';
import { cacheDir } from '../paths.ts';
import type { Env } from '../paths.ts';
import { findProgram, isRoot } from '../programs.ts';

export type PrometheusPrograms = { prometheus: string; promtool: string; nodeExporter: string };

const names = { prometheus: 'prometheus', promtool: 'promtool', nodeExporter: 'prometheus-node-exporter' } as const;

/** Prometheus, its tool and node-exporter: on PATH, else Debian's packages unpacked into the cache. Throws a Failure with a remedy. */
export async function findPrometheus(env: Env, log: (line: string) => void): Promise<PrometheusPrograms> {
  const fromDebian = async (renewLists: boolean): Promise<PrometheusPrograms | undefined> => {
    const folder = await unpackDebian(join(cacheDir(env), 'prometheus-debian'), async () => ['prometheus', 'prometheus-node-exporter'], env, renewLists);
    return folder === undefined ? undefined : all((name) => join(folder, 'usr/bin', name));
  };
  const outcome = await firstSource(
    [
      { name: 'PATH', find: async () => all((name) => findProgram(name, env) ?? (name === names.nodeExporter ? findProgram('node_exporter', env) : undefined)) },
      { name: 'Debian package', find: () => fromDebian(false) },
      { name: 'Debian package, lists renewed', find: () => (isRoot() ? fromDebian(true) : Promise.resolve(undefined)) },
    ],
    log,
  );
  if ('found' in outcome) return outcome.found;
  throw new Failure('No Prometheus is to be had here: put prometheus, promtool and node_exporter on PATH (Debian: "apt-get install prometheus prometheus-node-exporter", macOS: "brew install prometheus node_exporter").');
}

/** All three, or undefined where one is missing. */
function all(find: (name: string) => string | undefined): PrometheusPrograms | undefined {
  const found = Object.entries(names).map(([key, name]) => [key, find(name)] as const);
  return found.every(([, file]) => file !== undefined && existsSync(file)) ? (Object.fromEntries(found) as PrometheusPrograms) : undefined;
}
