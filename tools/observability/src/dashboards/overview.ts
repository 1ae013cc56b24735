import { serviceChoice, type Dashboard } from './panel.ts';
import { added, most, perSecond, quantile, quantiles } from './queries.ts';
import { budgetLeft } from './slos.ts';
import { slos } from '../rules/slos.ts';

const ours = 'service=~"$service"';

export const overview: Dashboard = {
  key: 'overview',
  title: 'Overview',
  description: 'Is MediAI well? Traffic, errors, latency and saturation of every service, and what is left of each promise.',
  choices: [serviceChoice],
  rows: [
    {
      title: 'Promises',
      panels: [
        ...slos.map((slo) => budgetLeft(slo, 'slos')),
        {
          kind: 'number', title: 'Alerts firing', width: 4, unit: 'short', more: 'slos', steps: [{ from: 1, color: 'red' }],
          description: 'Alerts of these rules that fire now. Each has a runbook in docs/runbooks.',
          queries: [{ expr: 'count(ALERTS{alertstate="firing"}) or vector(0)', legend: 'firing' }],
        },
        {
          kind: 'number', title: 'Processes up', width: 4, unit: 'short', more: 'node-runtime',
          description: 'Processes of the chosen services that answer Prometheus, by service.',
          queries: [added('up', { where: 'job=~"$service"', by: ['job'] })],
        },
      ],
    },
    {
      title: 'What waits',
      panels: [
        { kind: 'number', title: 'Fiches without analysis', width: 6, unit: 'short', more: 'consultations-ia', steps: [{ from: 20, color: 'orange' }], description: 'Fiches whose analysis is due and not finished. The médecin sees the red flags meanwhile.', queries: [most('ia_analyses_waiting', {}, 'waiting')] },
        { kind: 'number', title: 'Fiches before a médecin', width: 6, unit: 'short', more: 'consultations-ia', description: 'Fiches that wait for a médecin, by state.', queries: [most('fiches_waiting', { by: ['status'] })] },
        { kind: 'number', title: 'Messages to send', width: 6, unit: 'short', more: 'messages', steps: [{ from: 50, color: 'orange' }], description: 'Messages to patients that the provider does not hold yet.', queries: [most('deliveries_waiting', {}, 'waiting')] },
        { kind: 'number', title: 'Events to publish', width: 6, unit: 'short', more: 'kafka-outbox', steps: [{ from: 100, color: 'orange' }], description: 'Events that are committed and not in Kafka yet, all services together.', queries: [{ expr: 'sum(max by (service) (outbox_backlog))', legend: 'waiting' }] },
      ],
    },
    {
      title: 'Traffic',
      panels: [
        { kind: 'graph', title: 'HTTP requests', unit: 'reqps', more: 'gateway', stacked: true, description: 'Requests that the gateway answered, by status.', queries: [perSecond('api_requests_total', { by: ['status'] })] },
        { kind: 'graph', title: 'gRPC calls', unit: 'reqps', description: 'Calls that each service answered.', queries: [perSecond('grpc_server_duration_seconds_count', { where: ours, by: ['service'] })] },
        { kind: 'graph', title: 'Events consumed', unit: 'ops', more: 'kafka-outbox', description: 'Events that each service took from Kafka.', queries: [perSecond('events_consumed_total', { where: ours, by: ['service'] })] },
      ],
    },
    {
      title: 'Errors',
      panels: [
        { kind: 'graph', title: 'HTTP errors', unit: 'reqps', more: 'gateway', description: 'Requests answered with an error, by its stable code. Most 4xx are what a person did; a code that is new is what to look at.', queries: [perSecond('api_errors_total', { by: ['code'] })] },
        { kind: 'graph', title: 'gRPC calls that failed', unit: 'reqps', description: 'Calls that ended with another code than OK, by service and code.', queries: [perSecond('grpc_server_duration_seconds_count', { where: `${ours}, code!="ok"`, by: ['service', 'code'] })] },
        { kind: 'graph', title: 'Work that failed', unit: 'ops', description: 'Asynchronous work that ended with a failure, by task.', queries: [perSecond('tasks_total', { where: `${ours}, state="failed"`, by: ['service', 'task'] })] },
      ],
    },
    {
      title: 'Latency',
      panels: [
        { kind: 'graph', title: 'HTTP', unit: 's', more: 'gateway', description: 'Time to answer at the gateway. A point is a trace: click it.', queries: quantiles('api_request_duration_seconds') },
        { kind: 'graph', title: 'gRPC, p95', unit: 's', description: '95 of 100 calls were answered within this, by service. A point is a trace.', queries: [quantile(0.95, 'grpc_server_duration_seconds', { where: ours, by: ['service'] })] },
        { kind: 'graph', title: 'Work, p95', unit: 's', description: '95 of 100 pieces of asynchronous work took no longer, by task.', queries: [quantile(0.95, 'task_duration_seconds', { where: ours, by: ['service', 'task'] })] },
      ],
    },
    {
      title: 'Saturation',
      panels: [
        { kind: 'graph', title: 'CPU', width: 6, unit: 'percentunit', more: 'node-runtime', description: 'Cores in use, by service: 1 is one core.', queries: [perSecond('process_cpu_seconds_total', { where: ours, by: ['service'] })] },
        { kind: 'graph', title: 'Memory', width: 6, unit: 'bytes', more: 'node-runtime', description: 'Resident memory, by service.', queries: [added('process_resident_memory_bytes', { where: ours, by: ['service'] })] },
        { kind: 'graph', title: 'Event loop', width: 6, unit: 'percentunit', max: 1, more: 'node-runtime', description: 'How busy the busiest process of a service is: near 1 everything waits.', queries: [most('process_event_loop_utilization_ratio', { where: ours, by: ['service'] })] },
        { kind: 'graph', title: 'Connections to PostgreSQL', width: 6, unit: 'percentunit', max: 1, more: 'postgres-redis', description: 'Part of the pool that is open, of the fullest process.', queries: [{ expr: `max by (service) (sum by (service, instance) (pg_pool_connections{${ours}, state="total"}) / sum by (service, instance) (pg_pool_max{${ours}}))`, legend: '{{service}}' }] },
        { kind: 'table', title: 'Versions', width: 24, unit: 'short', description: 'Processes by service and version: two versions of one service are a roll-out under way.', queries: [{ expr: `count by (service, version) (build_info{${ours}})`, legend: '{{service}} {{version}}' }] },
      ],
    },
  ],
};
