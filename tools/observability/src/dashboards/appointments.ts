import type { Dashboard } from './panel.ts';
import { most, perSecond, quantile, quantiles, share, total } from './queries.ts';

const calls = 'service="appointments"';

export const appointments: Dashboard = {
  key: 'appointments',
  title: 'Appointments',
  description: 'Requests for appointments: what became of them, how many wait for an answer, and how often a slot was already taken.',
  choices: [],
  rows: [
    {
      title: 'Requests',
      panels: [
        { kind: 'graph', title: 'What became of requests', unit: 'ops', stacked: true, description: 'Requests by outcome: asked for, confirmed, declined, cancelled, slot taken, race lost.', queries: [perSecond('appointments_total', { by: ['outcome'] })] },
        { kind: 'graph', title: 'Waiting', unit: 'short', description: 'Requested and not answered by a médecin.', queries: [most('appointments_waiting', {}, 'waiting')] },
        { kind: 'graph', title: 'Slot taken', unit: 'percentunit', max: 1, description: 'Part of requests that met a slot already taken: what patients see as "no longer free".', queries: [share('appointments_total', 'outcome=~"creneau_pris|perdue"', {}, 'taken')] },
        { kind: 'number', title: 'In the range shown', width: 24, unit: 'short', description: 'Requests by outcome, in the range shown.', queries: [total('appointments_total', { by: ['outcome'] })] },
      ],
    },
    {
      title: 'The service',
      panels: [
        { kind: 'graph', title: 'Calls', unit: 'reqps', description: 'gRPC calls by method.', queries: [perSecond('grpc_server_duration_seconds_count', { where: calls, by: ['method'] })] },
        { kind: 'graph', title: 'Calls by code', unit: 'reqps', stacked: true, description: 'gRPC calls by the code they ended with. "exists" and "conflict" are slots that were taken.', queries: [perSecond('grpc_server_duration_seconds_count', { where: calls, by: ['code'] })] },
        { kind: 'graph', title: 'Duration', unit: 's', description: 'Time to answer a call. A point is a trace.', queries: quantiles('grpc_server_duration_seconds', { where: calls }) },
        { kind: 'graph', title: 'Duration by method, p95', width: 24, unit: 's', description: '95 of 100 calls of each method were answered within this.', queries: [quantile(0.95, 'grpc_server_duration_seconds', { where: calls, by: ['method'] })] },
      ],
    },
  ],
};
