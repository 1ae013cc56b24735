import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { root } from './check/root.ts';
import { dashboards } from './dashboards/index.ts';
import { derivatives } from './derivatives.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('what is committed below deploy/ is what would be written now, file by file', () => {
  const written = derivatives();
  for (const [path, text] of written) expect({ path, text: read(path) }).toEqual({ path, text });
  for (const folder of ['deploy/grafana/dashboards', 'deploy/prometheus/rules']) {
    expect(readdirSync(join(root, folder)).toSorted()).toEqual([...written.keys()].filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1)).toSorted());
  }
});

test('there is a dashboard for each thing that is watched', () => {
  expect(dashboards.map(({ key }) => key).toSorted()).toEqual(['appointments', 'consultations-ia', 'gateway', 'kafka-outbox', 'messages', 'node-runtime', 'overview', 'postgres-redis', 'slos']);
});

test('every file that the ConfigMaps of Grafana name is there', () => {
  const { configMapGenerator } = parse(read('deploy/grafana/kustomization.yaml')) as { configMapGenerator: { files: string[]; options: { labels: Record<string, string> } }[] };
  expect(configMapGenerator).toHaveLength(dashboards.length + 1);
  for (const { files } of configMapGenerator) for (const file of files) expect(read(`deploy/grafana/${file}`)).not.toBe('');
});

test('Prometheus asks the internal port of every service, under its name', () => {
  const { scrape_configs: jobs } = parse(read('deploy/prometheus/prometheus.yml')) as { scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[] };
  const services = readdirSync(join(root, 'services')).toSorted();
  expect(jobs.map(({ job_name: name }) => name).filter((name) => name !== 'node').toSorted()).toEqual(services);
  for (const { job_name: name, dns_sd_configs: found } of jobs.filter(({ job_name: each }) => each !== 'node')) expect(found).toEqual([{ names: [name], type: 'A', port: 9464, refresh_interval: '15s' }]);
});

test('a point on a histogram leads to its trace: the datasource of traces exists under the uid that Prometheus names', () => {
  const { datasources } = parse(read('deploy/grafana/provisioning/datasources/mediai.yaml')) as { datasources: { uid: string; type: string; jsonData?: { exemplarTraceIdDestinations?: { name: string; datasourceUid: string }[] } }[] };
  const [destination] = datasources.find(({ type }) => type === 'prometheus')?.jsonData?.exemplarTraceIdDestinations ?? [];
  expect(destination?.name).toBe('trace_id');
  expect(datasources.find(({ uid }) => uid === destination?.datasourceUid)?.type).toBe('jaeger');
});
