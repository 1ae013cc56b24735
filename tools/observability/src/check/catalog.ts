import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.ts';

/** Labels of a series and, where they are a closed list, their values. */
export type Series = { labels: Map<string, Set<string> | undefined> };
export type Catalog = Map<string, Series>;

/** Labels that Prometheus gives to every series of a target. */
export const targetLabels = ['job', 'instance'];

/** Of the foreign series, those that come from Kubernetes and its operators. */
export const clusterSeries = /^(kubelet_|cnpg_|barman_)/;

/**
 * Series that others emit: Prometheus itself, node-exporter, the kubelet, CloudNativePG and its plugin for backups. Only
 * the labels that are used here.
 */
export const foreignSeries: Record<string, string[]> = {
  up: [],
  ALERTS: ['alertname', 'alertstate', 'severity'],
  node_filesystem_avail_bytes: ['mountpoint', 'fstype'],
  node_filesystem_size_bytes: ['mountpoint', 'fstype'],
  kubelet_volume_stats_available_bytes: ['namespace', 'persistentvolumeclaim'],
  kubelet_volume_stats_capacity_bytes: ['namespace', 'persistentvolumeclaim'],
  cnpg_pg_database_size_bytes: ['namespace', 'pod', 'datname'],
  cnpg_collector_last_available_backup_timestamp: ['namespace', 'pod'],
  cnpg_collector_pg_wal_archive_status: ['namespace', 'pod', 'value'],
  barman_cloud_cloudnative_pg_io_last_available_backup_timestamp: ['namespace', 'pod'],
};

/** Every series that an expression may name: ours by docs/metriques.md, foreign ones, and those that rules record. */
export function readCatalog(recorded: Iterable<{ record: string; labels?: Record<string, string> }>, text = readFileSync(join(root, 'docs/metriques.md'), 'utf8')): Catalog {
  const catalog: Catalog = new Map();
  for (const [name, labels] of Object.entries(foreignSeries)) catalog.set(name, { labels: new Map(labels.map((label) => [label, undefined])) });
  for (const { record, labels = {} } of recorded) catalog.set(record, { labels: new Map(Object.keys(labels).map((label) => [label, undefined])) });
  for (const [name, series, type] of rowsOf(text)) {
    if (type !== 'histogram') catalog.set(name, series);
    else for (const [suffix, labels] of [['_bucket', [['le', undefined] as const]], ['_sum', []], ['_count', []]] as const) catalog.set(name + suffix, { labels: new Map([...series.labels, ...labels]) });
  }
  return catalog;
}

/** The rows of the tables of docs/metriques.md: name, labels, type. */
function rowsOf(text: string): [string, Series, string][] {
  return text.split('\n').flatMap((line) => {
    const [, name, type, , labels = ''] = line.split('|').map((cell) => cell.trim());
    const series = /^`(\w+)`$/.exec(name ?? '')?.[1];
    return series && type ? [[series, { labels: new Map([['service', undefined], ...labelsOf(labels)]) }, type] as [string, Series, string]] : [];
  });
}

/** "`canal` (`whatsapp`, `sms`), `route` (its pattern)": a list with an ellipsis, or without values, is open. */
function labelsOf(cell: string): [string, Set<string> | undefined][] {
  return [...cell.matchAll(/`(\w+)`(?: \(([^)]*)\))?/g)].map(([, label, inside = '']) => {
    const values = [...inside.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
    const isOpen = values.length < 2 || inside.includes('…');
    return [label!, isOpen ? undefined : new Set(values)];
  });
}
