/**
 * One relay over an outbox that waits, as a service runs it (telemetry on, its producer's settings), in a process of its
 * own; writes what it took as JSON. Its argument: `{ databaseUrl, brokers, events }`.
 */
import { createKafka, createKafkaProducer, createRelay, type EventProducer } from '@mediai/events';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { startTelemetry } from '@mediai/kit/telemetry';
import pg from 'pg';

/** Milliseconds: `ms` until the last event was marked, `sendMs` of them until Kafka had acknowledged, `cpuMs` of this process. */
export type Relayed = { events: number; ms: number; sends: number; sendMs: number; cpuMs: number };

const { databaseUrl, brokers, events } = JSON.parse(process.argv[2] ?? '{}') as { databaseUrl: string; brokers: string[]; events: number };
const waitingSql = 'SELECT 1 FROM outbox WHERE sent_at IS NULL LIMIT 1';

const took = { sends: 0, sendMs: 0 };
const producer = createKafkaProducer(createKafka({ clientId: 'bench', brokers }));
const timed: EventProducer = {
  ...producer,
  async send(records) {
    const began = performance.now();
    await producer.send(records);
    took.sends += 1;
    took.sendMs += performance.now() - began;
  },
};

const telemetry = await startTelemetry({ service: 'bench' });
const database = new pg.Client({ connectionString: databaseUrl });
await database.connect();
const relay = createRelay({ databaseUrl, producer: timed, log: createLogger({ service: 'bench', level: 'warn' }), metrics: createMetrics('bench') });
const [began, cpu] = [performance.now(), process.cpuUsage()];
relay.start();
while ((await database.query(waitingSql)).rowCount) await new Promise((wake) => setTimeout(wake, 20));
const [ms, used] = [performance.now() - began, process.cpuUsage(cpu)];
process.stdout.write(`${JSON.stringify({ events, ms, ...took, cpuMs: (used.user + used.system) / 1_000 } satisfies Relayed)}\n`);
await relay.stop();
await database.end();
await telemetry.shutdown();
