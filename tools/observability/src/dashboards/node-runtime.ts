import { instanceChoice, serviceChoice, type Dashboard } from './panel.ts';
import { added, perSecond, quantile } from './queries.ts';

const ours = 'service=~"$service", instance=~"$instance"';
const by = ['service', 'instance'];

export const nodeRuntime: Dashboard = {
  key: 'node-runtime',
  title: 'Node.js',
  description: 'Each process: CPU, memory, event loop, garbage, descriptors, and when it began.',
  choices: [serviceChoice, instanceChoice],
  rows: [
    {
      title: 'Work',
      panels: [
        { kind: 'graph', title: 'CPU', width: 6, unit: 'percentunit', description: 'Cores in use: 1 is one core, the most that the event loop of one process has.', queries: [perSecond('process_cpu_seconds_total', { where: ours, by })] },
        { kind: 'graph', title: 'Event loop, busy', width: 6, unit: 'percentunit', max: 1, steps: [{ from: 0.9, color: 'red' }], description: 'Share of the time in which the event loop was busy.', queries: [added('process_event_loop_utilization_ratio', { where: ours, by })] },
        { kind: 'graph', title: 'Event loop, idle', width: 6, unit: 'percentunit', max: 1, description: 'Share of the time in which the event loop waited for something to do, of the busiest process of each service: what is left for more load.', queries: [{ expr: `min by (service) (1 - process_event_loop_utilization_ratio{${ours}})`, legend: '{{service}}' }] },
        { kind: 'graph', title: 'Event loop, lag p99', width: 6, unit: 's', steps: [{ from: 0.5, color: 'red' }], description: 'How late one in a hundred turns comes: what every caller of this process waits on top.', queries: [added('nodejs_eventloop_lag_p99_seconds', { where: ours, by })] },
      ],
    },
    {
      title: 'Calls of other services',
      panels: [
        { kind: 'graph', title: 'Calls under way', unit: 'short', description: 'gRPC calls that wait for their answer, by who calls whom. It climbs where answers are slower than questions.', queries: [added('grpc_client_calls_in_flight', { where: ours, by: ['service', 'peer'] })] },
        { kind: 'graph', title: 'Channels', unit: 'short', description: 'Channels by state: one for each process and the service it calls. None is ready to a service that is away, or that was not called yet.', queries: [added('grpc_client_channels', { where: ours, by: ['service', 'peer', 'state'] })] },
        { kind: 'graph', title: 'Channels made', unit: 'ops', description: 'Channels made each second. A process makes one to each service as it begins; one more is one that hung, in a network that swallows.', queries: [perSecond('grpc_client_channels_opened_total', { where: ours, by: ['service', 'peer'] })] },
      ],
    },
    {
      title: 'Memory',
      panels: [
        { kind: 'graph', title: 'Resident', unit: 'bytes', description: 'Resident memory: what the limit of a container counts.', queries: [added('process_resident_memory_bytes', { where: ours, by })] },
        { kind: 'graph', title: 'Heap in use', unit: 'bytes', description: "V8's heap in use. A saw that climbs from tooth to tooth for hours is a leak.", queries: [added('nodejs_heap_size_used_bytes', { where: ours, by })] },
        { kind: 'graph', title: 'Outside of the heap', unit: 'bytes', description: 'Buffers and other memory that V8 counts outside of its heap: files on their way.', queries: [added('nodejs_external_memory_bytes', { where: ours, by })] },
        { kind: 'graph', title: 'Garbage collection', width: 12, unit: 'percentunit', description: 'Part of the time that went into collecting garbage, by kind.', queries: [perSecond('nodejs_gc_duration_seconds_sum', { where: ours, by: ['service', 'kind'] })] },
        { kind: 'graph', title: 'Pause, p99', width: 12, unit: 's', description: 'Ninety-nine of 100 collections were shorter.', queries: [{ ...quantile(0.99, 'nodejs_gc_duration_seconds', { where: ours, by: ['service'] }), exemplar: false }] },
      ],
    },
    {
      title: 'The process',
      panels: [
        { kind: 'graph', title: 'Open descriptors', unit: 'short', description: 'Files and sockets that are open.', queries: [added('process_open_fds', { where: ours, by })] },
        { kind: 'graph', title: 'Active resources', unit: 'short', description: 'What keeps the event loop alive: sockets, timers, requests.', queries: [added('nodejs_active_resources_total', { where: ours, by })] },
        { kind: 'table', title: 'Started', unit: 'dateTimeFromNow', description: 'When each process began: a fresh one that nobody rolled out has crashed.', queries: [{ expr: `max by (service, instance) (process_start_time_seconds{${ours}}) * 1000`, legend: '{{service}} {{instance}}' }] },
      ],
    },
  ],
};
