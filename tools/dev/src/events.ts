/**
 * `npm run events -- list` shows the topics and what is parked; `npm run events -- replay <topic>` sends a topic's parked
 * events again; `npm run events -- refill` has the services publish again what topics held that were lost.
 */
import { withClient } from '@mediai/db/admin';
import { createKafka, deadLetterTopic, refillSql, replay, topics } from '@mediai/events';
import type { KafkaClient } from '@mediai/events';
import { databasesOf } from './backup/after-restore.ts';
import { main, readOptions } from './command-line.ts';
import { Failure } from './failure.ts';
import { readJson } from './json-file.ts';
import { probe } from './parts/kafka.ts';
import { statePaths } from './paths.ts';

const names: string[] = Object.values(topics).map(({ name }) => name);

await main(async () => {
  const { values, positionals, stateDir } = readOptions({ brokers: { type: 'string' } });
  const [verb, topic = ''] = positionals;
  if (!['list', 'replay', 'refill'].includes(verb ?? '')) throw new Failure('Say what to do: "npm run events -- list", "npm run events -- replay <topic>" or "npm run events -- refill".');
  if (verb === 'refill') return refill(process.env.POSTGRES_URL ?? ownServer(stateDir));
  if (verb === 'replay' && !names.includes(topic)) throw new Failure(`"${topic}" is no topic; known are ${names.join(', ')}.`);
  const brokers = (values.brokers ?? process.env.KAFKA_BROKERS ?? ownBroker(stateDir)).split(',');
  const error = await probe(brokers);
  if (error) throw new Failure(`Kafka does not answer at ${brokers.join(',')} (${error.message}): run "npm start", or give --brokers host:port.`);
  const kafka = createKafka({ clientId: 'mediai-events', brokers });
  if (verb === 'list') {
    for (const line of await describeTopics(kafka)) console.log(line);
    return 0;
  }
  const { sent, left } = await replay({ kafka, topic });
  console.log(`${sent} event${sent === 1 ? '' : 's'} of ${deadLetterTopic(topic)} sent to ${topic} again.${left > 0 ? ` ${left} too large to have been parked whole: left.` : ''}`);
  return left > 0 ? 1 : 0;
});

/** Topics that were lost are filled again by the relays, within seconds; consumers pass over what they had. */
async function refill(superuserUrl: string): Promise<number> {
  for (const [service, url] of Object.entries(databasesOf(superuserUrl))) {
    const events = await withClient(url, async (client) => (await client.query(refillSql)).rowCount);
    console.log(`${service.padEnd(14)} ${String(events).padStart(8)} events will be published again`);
  }
  return 0;
}

function ownServer(stateDir: string): string {
  const { ports, secrets } = statePaths(stateDir);
  const port = readJson<Record<string, number>>(ports, {}).postgres;
  if (!port) throw new Failure('No PostgreSQL is known here: run "npm start" first, or set POSTGRES_URL.');
  return `postgresql://postgres:${readJson<Record<string, string>>(secrets, {}).postgres}@127.0.0.1:${port}/postgres`;
}

function ownBroker(stateDir: string): string {
  const port = readJson<Record<string, number>>(statePaths(stateDir).ports, {}).kafka;
  if (!port) throw new Failure('No Kafka is known here: run "npm start" first, or give --brokers host:port or KAFKA_BROKERS.');
  return `127.0.0.1:${port}`;
}

async function describeTopics(kafka: KafkaClient): Promise<string[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const present = new Set(await admin.listTopics());
    const count = async (topic: string) =>
      present.has(topic) ? (await admin.fetchTopicOffsets(topic)).reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0) : 0;
    return await Promise.all(names.map(async (name) => `${name.padEnd(44)} ${String(await count(name)).padStart(8)} events, ${await count(deadLetterTopic(name))} parked`));
  } finally {
    await admin.disconnect();
  }
}
