import { serviceChoice, type Dashboard } from './panel.ts';
import { added, most, perSecond, quantile, quantiles, total } from './queries.ts';

const ours = 'service=~"$service"';

export const kafkaOutbox: Dashboard = {
  key: 'kafka-outbox',
  title: 'Kafka and outbox',
  description: 'Events from the outbox of one service to the inbox of another: what waits on each side, how long handling takes, and what was parked.',
  choices: [serviceChoice],
  rows: [
    {
      title: 'Outbox: committed, not yet published',
      panels: [
        { kind: 'graph', title: 'Backlog', unit: 'short', description: 'Events that wait in the outbox of each service, counted up to 10 000. It is 0 nearly always.', queries: [most('outbox_backlog', { where: ours, by: ['service'] })] },
        { kind: 'graph', title: 'Oldest', unit: 's', steps: [{ from: 120, color: 'red' }], description: 'Age of the oldest event that waits. A straight line upwards is a relay that does not publish.', queries: [most('outbox_oldest_seconds', { where: ours, by: ['service'] })] },
        { kind: 'graph', title: 'Published', unit: 'ops', stacked: true, description: 'Events that the brokers acknowledged, by topic.', queries: [perSecond('outbox_published_total', { where: ours, by: ['topic'] })] },
      ],
    },
    {
      title: 'Consumers',
      panels: [
        { kind: 'graph', title: 'Lag', unit: 'short', description: 'Events published and not yet consumed, by group and topic.', queries: [added('consumer_lag', { where: ours, by: ['group', 'topic'] })] },
        { kind: 'graph', title: 'Consumed', unit: 'ops', stacked: true, description: 'Events taken, by group.', queries: [perSecond('events_consumed_total', { where: ours, by: ['group'] })] },
        { kind: 'graph', title: 'By outcome', unit: 'ops', stacked: true, description: 'What became of events. "retried" now and then is a race; without end, something the handler needs is away.', queries: [perSecond('events_consumed_total', { where: ours, by: ['group', 'outcome'] })] },
        { kind: 'graph', title: 'Handling', width: 12, unit: 's', description: 'Time of one attempt of a handler. A point is a trace.', queries: quantiles('event_handling_duration_seconds', { where: ours }) },
        { kind: 'graph', title: 'Handling by topic, p95', width: 12, unit: 's', description: '95 of 100 attempts took no longer, by group and topic.', queries: [quantile(0.95, 'event_handling_duration_seconds', { where: ours, by: ['group', 'topic'] })] },
      ],
    },
    {
      title: 'Dead letters',
      panels: [
        { kind: 'table', title: 'Parked in the range shown', width: 12, unit: 'short', steps: [{ from: 1, color: 'red' }], description: 'Events that a group could not take and that wait in the dead-letter topic. docs/runbooks/dead-letters.md says how to send them again.', queries: [total('dead_letters_total', { where: ours, by: ['group', 'topic'] })] },
        { kind: 'graph', title: 'Parked', width: 12, unit: 'ops', description: 'Events parked each second.', queries: [perSecond('dead_letters_total', { where: ours, by: ['group', 'topic'] })] },
      ],
    },
  ],
};
