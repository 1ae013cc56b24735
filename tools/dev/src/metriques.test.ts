import { beforeAll, describe, expect, it } from '@jest/globals';
import { poolMetrics } from '@mediai/db';
import { consumerMetrics, outboxMetrics } from '@mediai/events';
import { redisMetrics } from '@mediai/kit/cache';
import { peerMetrics, tlsMetrics } from '@mediai/kit/grpc';
import { createMetrics, type Metrics, type SeriesMakers } from '@mediai/kit/metrics';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serviceNames } from './suite.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');
const shared: Record<string, (makers: SeriesMakers) => unknown> = { poolMetrics, consumerMetrics, outboxMetrics, peerMetrics, redisMetrics, tlsMetrics };

type Series = { type: string; labels: string[] };
/** As a registry has them. */
const registered = (metrics: Metrics): Map<string, Series> =>
  new Map(metrics.registry.getMetricsAsArray().map((metric) => {
    const { name, type, labelNames } = metric as unknown as { name: string; type: string; labelNames: string[] };
    return [name, { type, labels: [...labelNames].sort() }];
  }));

/** As the tables of the document have them; `services` is what the column says. */
function documented(text: string): Map<string, Series & { services: string }> {
  const rows = text.split('\n').filter((line) => /^\| `\w+` \|/.test(line)).map((line) => line.split('|').map((cell) => cell.trim()));
  const labelsIn = (cell: string): string[] => [...cell.replaceAll(/\([^()]*\)/g, '').matchAll(/`(\w+)`/g)].map(([, name]) => name as string).sort();
  return new Map(rows.map(([, name = '', type = '', , labels = '', services = '']) => [name.replaceAll('`', ''), { type, labels: labelsIn(labels), services }]));
}

const withoutServices = (series: ReturnType<typeof documented>): Map<string, Series> => new Map([...series].map(([name, { type, labels }]) => [name, { type, labels }]));

const all = new Map<string, Series>();
const own = new Map<string, string[]>();

beforeAll(async () => {
  const kit = registered(createMetrics('x'));
  for (const service of serviceNames) {
    const module = (await import(pathToFileURL(resolve(ROOT, 'services', service, 'src/metrics.ts')).href)) as Record<string, (version?: string) => Metrics>;
    const create = Object.entries(module).find(([name]) => /^create\w+Metrics$/.test(name))?.[1];
    if (!create) throw new Error(`services/${service}/src/metrics.ts has no create…Metrics`);
    const metrics = create();
    const added = registered(metrics);
    own.set(service, [...added.keys()].filter((name) => !kit.has(name)));
    for (const family of Object.values(shared)) metrics.once(family);
    for (const [name, series] of registered(metrics)) all.set(name, series);
  }
});

describe('metriques.md', () => {
  it('has every series with its type and labels, and no other', () => {
    const told = documented(read('docs/metriques.md'));
    expect(all.size).toBeGreaterThan(80);
    expect(Object.fromEntries(withoutServices(told))).toEqual(Object.fromEntries(all));
  });

  it('says of the series of one service whose they are', () => {
    const told = documented(read('docs/metriques.md'));
    for (const [service, names] of own) expect(names.filter((name) => told.get(name)?.services !== service)).toEqual([]);
    expect([...own.values()].flat().length).toBeGreaterThan(20);
  });

  it('is read so that what is missing, left over or otherwise labelled is seen', () => {
    const text = read('docs/metriques.md');
    const changed = [text.replace(/^\| `redis_up` .*\n/m, ''), `${text}| \`invented_total\` | counter | x | | all | x |\n`, text.replace('| `canal` (', '| `telephone` ('), text.replace('`fiches_waiting` | gauge', '`fiches_waiting` | counter')];
    for (const wrong of changed) expect(Object.fromEntries(withoutServices(documented(wrong)))).not.toEqual(Object.fromEntries(all));
  });
});

it('every part whose series are made when they are asked for is among those that the document is held to', () => {
  const sources = globSync(['packages/*/src/**/*.ts', 'services/*/src/**/*.ts'], { cwd: ROOT }).filter((path) => !/[.](test|memory)[.]ts$|generated/.test(path));
  const asked = new Set(sources.flatMap((path) => [...read(path).matchAll(/\bonce\((\w+)\)/g)].map(([, name]) => name as string)));
  expect([...asked].sort()).toEqual([...Object.keys(shared), 'iaMetrics'].sort());
  expect(sources.filter((path) => /new (Counter|Gauge|Histogram|Summary)[(<]/.test(read(path)))).toEqual(['packages/kit/src/metrics/make-series.ts']);
});

it('no series is labelled by what could tell a person', () => {
  const labels = new Set([...all.values()].flatMap(({ labels }) => labels));
  for (const word of ['id', 'user', 'patient', 'medecin', 'nom', 'name', 'phone', 'telephone', 'fiche', 'etablissement', 'trace_id', 'ip', 'adresse', 'text', 'sql']) {
    expect([...labels].filter((label) => label === word || label.endsWith(`_${word}`))).toEqual([]);
  }
});
