import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { toBinary, create } from '@bufbuild/protobuf';
import { FicheCreatedSchema } from '@mediai/contracts/consultation/v1/events';
import { withClient } from '@mediai/db/admin';
import { createKafka } from '@mediai/events';
import { createTestDatabase } from '@mediai/testing';
import type { Measurement } from '../measurement.ts';
import { markdownTable } from '../report/markdown-table.ts';
import type { Relayed } from './relay-process.ts';

/** Events of one fiche each, as consultation appends them; `$1` the topic, `$2` the payload, `$3` how many. */
const fillSql = `INSERT INTO outbox (event_id, topic, key, type, payload, traceparent)
  SELECT gen_random_uuid(), $1, g::text, '${FicheCreatedSchema.typeName}', $2::bytea, '00-' || md5(g::text) || '-00f067aa0ba902b7-01' FROM generate_series(1, $3::int) AS g`;

/** Events per second that one relay publishes from a full outbox, on a database and a topic of its own. */
export const relay: Measurement = {
  name: 'relay',
  title: 'Outbox relay',
  async run(bench) {
    const brokers = bench.kafkaBrokers.split(',');
    const base = await createTestDatabase('consultation');
    const topic = `mediai.bench.${randomUUID()}`;
    const admin = createKafka({ clientId: 'bench', brokers }).admin();
    await admin.connect();
    try {
      await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true });
      const runs = (bench.quick ? [2_000, 10_000] : [2_000, 20_000, 20_000, 20_000]).map((events) => async () => {
        await withClient(base.ownerUrl, (client) => fill(client, topic, events));
        return relayAll(base.appUrl, brokers, events);
      });
      const all: Relayed[] = [];
      for (const run of runs) all.push(await run());
      const [, ...counted] = all; // the first run is for the broker, whose topic is new
      return write(counted);
    } finally {
      await admin.deleteTopics({ topics: [topic] });
      await admin.disconnect();
      await base.drop();
    }
  },
};

async function fill(client: { query(text: string, values?: unknown[]): Promise<unknown> }, topic: string, events: number): Promise<void> {
  const payload = Buffer.from(toBinary(FicheCreatedSchema, create(FicheCreatedSchema, { fiche: { id: 123_456, numeroDossier: 'CD-2026-123456', userId: 1_234, etablissementId: 1, version: 1, status: 'en_analyse' }, taskId: randomUUID() })));
  await client.query(fillSql, [topic, payload, events]);
  for (const command of ['ANALYZE', 'VACUUM']) await client.query(`${command} outbox`);
}

function relayAll(databaseUrl: string, brokers: string[], events: number): Relayed {
  const { status, stdout } = spawnSync(process.execPath, [...process.execArgv, join(import.meta.dirname, 'relay-process.ts'), JSON.stringify({ databaseUrl, brokers, events })], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`the relay ended with ${status}`);
  return JSON.parse(stdout) as Relayed;
}

function write(runs: readonly Relayed[]) {
  const row = ({ events, ms, sends, sendMs, cpuMs }: Relayed): string[] => [String(events), ((events / ms) * 1_000).toFixed(0), ms.toFixed(0), String(sends), sendMs.toFixed(0), (ms - sendMs).toFixed(0), ((cpuMs / events) * 1_000).toFixed(0)];
  const table = markdownTable(['events waiting', 'events/s', 'ms', 'sends', 'ms until acknowledged by Kafka', 'ms of reading, marking and counting', 'CPU of the relay, µs per event'], runs.map(row));
  return { table, json: runs.map((run) => ({ ...run, perSecond: (run.events / run.ms) * 1_000 })) };
}
