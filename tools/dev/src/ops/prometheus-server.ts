import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { Failure } from '../failure.ts';
import type { Env } from '../paths.ts';
import { root } from '../paths.ts';
import type { Processes } from '../processes.ts';

const folder = join(root, 'deploy/prometheus');
const scrapeSeconds = 5;

type Config = { global: Record<string, string>; rule_files: string[]; scrape_configs: { job_name: string; dns_sd_configs?: unknown; static_configs?: unknown }[] };

export type Series = { metric: Record<string, string>; values: [number, string][] };

export type PrometheusServer = {
  url: string;
  /** A panel's query over a time, in seconds since 1970. */
  queryRange: (expr: string, from: number, to: number, stepSeconds: number) => Promise<Series[]>;
  get: <T>(path: string, query?: Record<string, string>) => Promise<T>;
  stop: () => Promise<void>;
};

/**
 * Prometheus with the repository's own configuration and rules: only addresses (a host name of compose is a port here)
 * and how often it asks are other ones.
 * @param targets address of each job
 */
export async function startPrometheus(program: string, options: { dir: string; port: number; targets: Record<string, string>; processes: Processes; env: Env }): Promise<PrometheusServer> {
  const { dir, port, targets, processes, env } = options;
  mkdirSync(dir, { recursive: true });
  const config = parse(readFileSync(join(folder, 'prometheus.yml'), 'utf8')) as Config;
  const missing = config.scrape_configs.filter(({ job_name: job }) => !targets[job]);
  if (missing.length > 0) throw new Failure(`prometheus.yml asks ${missing.map(({ job_name: job }) => job).join(', ')}, which nobody runs here.`);
  const file = join(dir, 'prometheus.yml');
  writeFileSync(file, stringify({
    ...config,
    global: { scrape_interval: `${scrapeSeconds}s`, evaluation_interval: `${scrapeSeconds}s` },
    rule_files: config.rule_files.map((path) => join(folder, path)),
    scrape_configs: config.scrape_configs.map(({ dns_sd_configs: _names, ...job }) => ({ ...job, static_configs: [{ targets: [targets[job.job_name]] }] })),
  }));
  const running = await processes.run({
    name: 'prometheus',
    command: program,
    args: [`--config.file=${file}`, `--storage.tsdb.path=${join(dir, 'data')}`, `--web.listen-address=127.0.0.1:${port}`, '--enable-feature=exemplar-storage', '--log.level=warn'],
    env,
  });
  const url = `http://127.0.0.1:${port}`;
  const get = async <T>(path: string, query: Record<string, string> = {}): Promise<T> => {
    const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(query)}`, { signal: AbortSignal.timeout(30_000) });
    const body = (await response.json()) as { status: string; data: T; error?: string };
    if (body.status !== 'success') throw new Failure(`Prometheus refuses ${query['query'] ?? path}: ${body.error}`);
    return body.data;
  };
  for (const limit = Date.now() + 60_000; ; await sleep(200)) {
    const isReady = await fetch(`${url}/-/ready`).then(({ ok }) => ok, () => false);
    if (isReady) break;
    if (Date.now() > limit) throw new Failure(`Prometheus did not start: ${running.logTail(1)}`);
  }
  return {
    url, get, stop: running.stop,
    async queryRange(expr, from, to, stepSeconds) {
      const { result } = await get<{ result: Series[] }>('query_range', { query: expr, start: String(from), end: String(to), step: String(stepSeconds) });
      return result;
    },
  };
}
