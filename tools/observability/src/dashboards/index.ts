import { appointments } from './appointments.ts';
import { consultationsIa } from './consultations-ia.ts';
import { gateway } from './gateway.ts';
import { kafkaOutbox } from './kafka-outbox.ts';
import { messages } from './messages.ts';
import { nodeRuntime } from './node-runtime.ts';
import { overview } from './overview.ts';
import type { Dashboard } from './panel.ts';
import { postgresRedis } from './postgres-redis.ts';
import { slosDashboard } from './slos.ts';

/** Every dashboard, in the order in which one looks. */
export const dashboards: Dashboard[] = [overview, slosDashboard, gateway, consultationsIa, messages, appointments, kafkaOutbox, postgresRedis, nodeRuntime];
