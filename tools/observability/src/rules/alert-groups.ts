import { alert, type Group } from './rule.ts';
import { thresholds as t } from './thresholds.ts';

const services = ['gateway', 'auth', 'consultation', 'ia', 'appointments', 'notifications'];
const daySeconds = 86_400;

const reach: Group = {
  name: 'mediai-reach',
  rules: [
    alert({
      name: 'ServiceDown', severity: 'page', for: t.downFor.value,
      expr: `up{job=~"${services.join('|')}"} == 0`,
      summary: '{{ $labels.job }} does not answer', description: 'The process {{ $labels.instance }} of {{ $labels.job }} has not answered Prometheus for 2 minutes.',
    }),
    alert({
      name: 'ServiceAbsent', severity: 'page', for: t.absentFor.value,
      expr: services.map((service) => `absent(up{job="${service}"})`).join('\nor '),
      summary: '{{ $labels.job }} is not measured', description: 'Prometheus knows no process of {{ $labels.job }}: it does not run, or is not found. Every other alert about it is blind.',
    }),
    alert({
      name: 'RequestsStopped', severity: 'ticket',
      expr: `(sum(increase(api_requests_total{route!="/api/health/"}[1h])) or vector(0)) < 1\nand sum(increase(api_requests_total{route!="/api/health/"}[1h] offset 1w)) > ${t.quietRequests.value}`,
      summary: 'No request reaches the gateway', description: 'Not one request in an hour in which there were more than 20 a week ago: people may not get through to us.',
    }),
  ],
};

const events: Group = {
  name: 'mediai-events',
  rules: [
    alert({
      name: 'OutboxStuck', severity: 'page', for: t.outboxFor.value,
      expr: `max by (service) (outbox_oldest_seconds) > ${t.outboxOldestSeconds.value}\nand max by (service) (outbox_backlog) > 0\nand max by (service) (delta(outbox_oldest_seconds[2m])) > 0`,
      summary: 'Events of {{ $labels.service }} are not published', description: 'The oldest event in the outbox of {{ $labels.service }} is {{ $value | humanizeDuration }} old and gets older.',
    }),
    alert({
      name: 'DeadLetters', severity: 'page',
      // A series begins with its first event: what was not there an hour ago has grown as well.
      expr: `sum by (group, topic) (increase(dead_letters_total[${t.deadLetterWindow.value}])) > 0\nor sum by (group, topic) (dead_letters_total unless dead_letters_total offset ${t.deadLetterWindow.value}) > 0`,
      summary: 'Events of {{ $labels.topic }} were parked', description: '{{ $labels.group }} could not take an event of {{ $labels.topic }}: what it stands for does not happen until it is sent again.',
    }),
    alert({
      name: 'ConsumerStuck', severity: 'page', for: t.lagFor.value,
      expr: 'sum by (group, topic) (consumer_lag) > 0\nunless sum by (group, topic) (increase(events_consumed_total{outcome!="retried"}[5m])) > 0',
      summary: '{{ $labels.group }} takes no events', description: '{{ $value }} events of {{ $labels.topic }} wait for {{ $labels.group }}, and none was taken for 5 minutes.',
    }),
  ],
};

const work: Group = {
  name: 'mediai-work',
  rules: [
    alert({
      name: 'NoAnalysisFinished', severity: 'page',
      expr: `max(min_over_time(ia_analyses_waiting[${t.noAnalysisFor.value}])) > 0\nand max(ia_oldest_waiting_seconds) > ${t.noAnalysisSeconds.value}\nunless sum(increase(ia_analyses_total[${t.noAnalysisFor.value}])) > 0`,
      summary: 'No analysis has ended for 15 minutes', description: '{{ $value }} fiches or more have waited for their analysis for 15 minutes, and not one ended.',
    }),
    alert({
      name: 'AnalysisOverdue', severity: 'ticket',
      expr: `max(ia_oldest_waiting_seconds) > ${t.analysisOverdueSeconds.value}`,
      summary: 'A fiche waits too long for its analysis', description: 'The oldest fiche without an analysis has waited {{ $value | humanizeDuration }}.',
    }),
    alert({
      name: 'MessagesStuck', severity: 'page',
      expr: `max(min_over_time(deliveries_waiting[${t.messagesStuckFor.value}])) > 0\nunless sum(increase(deliveries_total{statut=~"envoye|echec"}[${t.messagesStuckFor.value}])) > 0`,
      summary: 'No message leaves', description: '{{ $value }} messages or more have waited for 15 minutes, and none was accepted or refused.',
    }),
    alert({
      name: 'BreakerOpen', severity: 'ticket', for: t.breakerFor.value,
      expr: 'max by (service, breaker) (breaker_state{breaker!="redis"}) == 2',
      summary: 'The breaker {{ $labels.breaker }} of {{ $labels.service }} is open', description: '{{ $labels.service }} has not asked {{ $labels.breaker }} for 5 minutes: it failed again and again.',
    }),
    alert({
      name: 'AllVoicesCutOff', severity: 'page', for: t.breakerFor.value,
      expr: 'min(max by (breaker) (breaker_state{service="ia"})) == 2',
      summary: 'No voice can be asked', description: 'The breakers of all voices are open: no fiche is analysed.',
    }),
  ],
};

const parts: Group = {
  name: 'mediai-parts',
  rules: [
    alert({
      name: 'PostgresAway', severity: 'page', for: t.postgresFor.value,
      expr: 'sum by (service) (increase(db_errors_total{code="connection"}[2m])) > 0',
      summary: '{{ $labels.service }} does not reach PostgreSQL', description: 'Connections of {{ $labels.service }} to its database fail.',
    }),
    alert({
      name: 'PoolExhausted', severity: 'page', for: t.poolFor.value,
      expr: 'min_over_time(pg_pool_connections{state="waiting"}[2m]) > 0',
      summary: '{{ $labels.service }} waits for connections', description: '{{ $value }} callers or more have waited for a connection to PostgreSQL for 2 minutes in {{ $labels.instance }}.',
    }),
    alert({
      name: 'ConnectionsNearLimit', severity: 'ticket', for: t.connectionsFor.value,
      // Each process has its pool and its relay.
      expr: `(sum(pg_pool_max) + count(pg_pool_max)) / max(pg_max_connections > 0) > ${t.connectionsRatio.value}`,
      summary: 'Replicas may open more connections than PostgreSQL gives', description: 'Pools and relays of all replicas may together take {{ $value | humanizePercentage }} of what PostgreSQL gives.',
    }),
    alert({
      name: 'RedisAway', severity: 'ticket', for: t.redisFor.value,
      expr: 'max by (service) (redis_up) == 0',
      summary: '{{ $labels.service }} does not reach Redis', description: '{{ $labels.service }} goes on without its cache: slower, and each gateway counts requests for itself.',
    }),
    alert({
      name: 'EventLoopBlocked', severity: 'ticket', for: t.eventLoopFor.value,
      expr: `nodejs_eventloop_lag_p99_seconds > ${t.eventLoopSeconds.value}`,
      summary: '{{ $labels.service }} stands still at times', description: 'One in a hundred turns of the event loop of {{ $labels.instance }} comes {{ $value | humanizeDuration }} late.',
    }),
  ],
};

const freeSpace = (source: string, available: string, size: string): string => `${available}${source} / ${size}${source}`;
const disks = [
  freeSpace('{fstype!~"tmpfs|overlay|squashfs|ramfs|iso9660"}', 'node_filesystem_avail_bytes', 'node_filesystem_size_bytes'),
  freeSpace('{namespace="mediai"}', 'kubelet_volume_stats_available_bytes', 'kubelet_volume_stats_capacity_bytes'),
];
const fullerThan = (ratio: number): string => disks.map((disk) => `${disk} < ${ratio}`).join('\nor ');
const diskWords = { summary: 'A disk is nearly full', description: '{{ $value | humanizePercentage }} is left of {{ $labels.persistentvolumeclaim }}{{ $labels.mountpoint }}.' };

/** The plugin for backups names its series by itself, CloudNativePG before it by the second name. */
const lastBackup = 'max by (namespace) (barman_cloud_cloudnative_pg_io_last_available_backup_timestamp or cnpg_collector_last_available_backup_timestamp)';

const upkeep: Group = {
  name: 'mediai-upkeep',
  rules: [
    alert({
      name: 'CertificateEnds', severity: 'ticket',
      expr: `min by (service) (grpc_tls_certificate_expiry_timestamp_seconds) - time() < ${t.certificateTicketDays.value} * ${daySeconds}`,
      summary: 'The certificate of {{ $labels.service }} ends soon', description: 'It ends in {{ $value | humanizeDuration }}; it should have been renewed.',
    }),
    alert({
      name: 'CertificateEnds', severity: 'page',
      expr: `min by (service) (grpc_tls_certificate_expiry_timestamp_seconds) - time() < ${t.certificatePageDays.value} * ${daySeconds}`,
      summary: 'The certificate of {{ $labels.service }} ends within two days', description: 'It ends in {{ $value | humanizeDuration }}; then no service speaks to it.',
    }),
    alert({
      name: 'SigningKeyOld', severity: 'ticket',
      expr: `max(signing_key_age_seconds) > max(signing_key_max_age_seconds > 0) + ${t.keyGraceDays.value} * ${daySeconds}`,
      summary: 'The key that signs tokens is overdue', description: 'It has signed for {{ $value | humanizeDuration }}: auth does not replace it.',
    }),
    alert({ name: 'DiskFilling', severity: 'ticket', for: t.diskFor.value, expr: fullerThan(t.diskTicketRatio.value), ...diskWords }),
    alert({ name: 'DiskFilling', severity: 'page', for: t.diskFor.value, expr: fullerThan(t.diskPageRatio.value), ...diskWords }),
    alert({
      name: 'BackupOld', severity: 'page',
      expr: `time() - ${lastBackup} > ${t.backupAgeHours.value} * 3600`,
      summary: 'The last backup is too old', description: 'The last backup of PostgreSQL in {{ $labels.namespace }} that can be restored is {{ $value | humanizeDuration }} old.',
    }),
    alert({
      name: 'WalNotArchived', severity: 'page', for: t.walFor.value,
      expr: `max by (namespace, pod) (cnpg_collector_pg_wal_archive_status{value="ready"}) > ${t.walWaiting.value}`,
      summary: 'What was written lately is not backed up', description: '{{ $value }} segments of {{ $labels.pod }} wait to be archived: losing the disk now loses more than 5 minutes.',
    }),
  ],
};

export const alertGroups: Group[] = [reach, events, work, parts, upkeep];
