import { serviceChoice, type Dashboard } from './panel.ts';
import { added, most, perSecond, quantile, share } from './queries.ts';

const ours = 'service=~"$service"';

export const postgresRedis: Dashboard = {
  key: 'postgres-redis',
  title: 'PostgreSQL and Redis',
  description: 'The databases and the cache as the services see them, and the disks where an exporter tells of them.',
  choices: [serviceChoice],
  rows: [
    {
      title: 'PostgreSQL: connections',
      panels: [
        { kind: 'graph', title: 'Connections', width: 6, unit: 'short', description: 'Open and idle connections of the pools, by service.', queries: [added('pg_pool_connections', { where: `${ours}, state!="waiting"`, by: ['service', 'state'] })] },
        { kind: 'graph', title: 'Callers that wait', width: 6, unit: 'short', steps: [{ from: 1, color: 'red' }], description: 'Callers that wait for a connection. Above 0 for minutes, requests run into their deadlines.', queries: [added('pg_pool_connections', { where: `${ours}, state="waiting"`, by: ['service', 'instance'] })] },
        { kind: 'graph', title: "Of PostgreSQL's limit", width: 6, unit: 'percentunit', max: 1, steps: [{ from: 0.9, color: 'red' }], description: 'Connections of all replicas together, as part of what PostgreSQL gives: those open, and those that pools and relays may open. Where all services share a server.', queries: [{ expr: 'sum(pg_pool_connections{state="total"}) / max(pg_max_connections > 0)', legend: 'open' }, { expr: '(sum(pg_pool_max) + count(pg_pool_max)) / max(pg_max_connections > 0)', legend: 'may be opened' }] },
        { kind: 'graph', title: 'Errors', width: 6, unit: 'ops', stacked: true, description: 'Statements and connections that failed, by SQLSTATE class: 23 a constraint, 40 a conflict that is tried again, "connection" a server that is away.', queries: [perSecond('db_errors_total', { where: ours, by: ['service', 'code'] })] },
      ],
    },
    {
      title: 'PostgreSQL: statements',
      panels: [
        { kind: 'graph', title: 'Statements', width: 12, unit: 'ops', stacked: true, description: 'Statements each second, by their first word.', queries: [perSecond('db_query_duration_seconds_count', { where: ours, by: ['operation'] })] },
        { kind: 'graph', title: 'Duration, p95', width: 12, unit: 's', description: '95 of 100 statements took no longer, by service and first word.', queries: [{ ...quantile(0.95, 'db_query_duration_seconds', { where: ours, by: ['service', 'operation'] }), exemplar: false }] },
      ],
    },
    {
      title: 'Redis',
      panels: [
        { kind: 'graph', title: 'Redis answers', width: 6, unit: 'bool_on_off', max: 1, description: 'Whether Redis answers each service. Without it the suite is slower and nothing else.', queries: [most('redis_up', { where: ours, by: ['service'] })] },
        { kind: 'graph', title: 'Commands', width: 6, unit: 'ops', stacked: true, description: 'Commands each second.', queries: [perSecond('redis_command_duration_seconds_count', { where: ours, by: ['command'] })] },
        { kind: 'graph', title: 'Duration, p95', width: 6, unit: 's', description: '95 of 100 commands took no longer.', queries: [{ ...quantile(0.95, 'redis_command_duration_seconds', { where: ours, by: ['command'] }), exemplar: false }] },
        { kind: 'graph', title: 'Cache hits', width: 6, unit: 'percentunit', max: 1, description: 'Part of cache reads that were answered from the cache.', queries: [share('cache_requests_total', 'outcome="hit"', { where: ours, by: ['service'] })] },
      ],
    },
    {
      title: 'Disks and backups, from exporters beside the suite',
      panels: [
        { kind: 'graph', title: 'Free space of machines', unit: 'percentunit', max: 1, description: 'Needs node-exporter. Part of each file system that is free.', queries: [{ expr: 'min by (instance, mountpoint) (node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs|ramfs|iso9660"} / node_filesystem_size_bytes{fstype!~"tmpfs|overlay|squashfs|ramfs|iso9660"})', legend: '{{instance}} {{mountpoint}}' }] },
        { kind: 'graph', title: 'Free space of volumes', unit: 'percentunit', max: 1, description: "Kubernetes only, from the kubelet. Part of each volume of the suite's namespace that is free.", queries: [{ expr: 'min by (persistentvolumeclaim) (kubelet_volume_stats_available_bytes{namespace="mediai"} / kubelet_volume_stats_capacity_bytes{namespace="mediai"})', legend: '{{persistentvolumeclaim}}' }] },
        { kind: 'graph', title: 'Size of databases', unit: 'bytes', description: 'Kubernetes with CloudNativePG only.', queries: [{ expr: 'max by (datname) (cnpg_pg_database_size_bytes)', legend: '{{datname}}' }] },
        { kind: 'number', title: 'Last backup', width: 12, unit: 's', steps: [{ from: 93_600, color: 'red' }], description: 'Kubernetes with CloudNativePG only. Age of the last backup that can be restored.', queries: [{ expr: 'time() - max by (namespace) (barman_cloud_cloudnative_pg_io_last_available_backup_timestamp or cnpg_collector_last_available_backup_timestamp)', legend: '{{namespace}}' }] },
        { kind: 'number', title: 'WAL to archive', width: 12, unit: 'short', steps: [{ from: 20, color: 'red' }], description: 'Kubernetes with CloudNativePG only. Segments that wait to be archived: what a lost disk would lose.', queries: [{ expr: 'max by (pod) (cnpg_collector_pg_wal_archive_status{value="ready"})', legend: '{{pod}}' }] },
      ],
    },
  ],
};
