import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create, toBinary } from '@bufbuild/protobuf';
import { UserChangedSchema, type UserChanged } from '@mediai/contracts/auth/v1/events';
import { AppError } from '@mediai/kit/errors';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { startTelemetry, type Telemetry } from '@mediai/kit/telemetry';
import { testParts } from '@mediai/testing';
import { createConsumer, createKafka, createKafkaProducer, createMemoryBus, deadLetterTopic, ensureTopics, on, onSeveral, replay, type ConsumeOptions, type EventConsumer, type EventMeta, type EventProducer, type EventRecord, type ReceivedRecord } from './index.ts';
import { readHeaders } from './consumer.ts';

type Harness = {
  producer: EventProducer;
  consume: (options: ConsumeOptions) => EventConsumer;
  newTopic: () => Promise<string>;
  read: (topic: string) => Promise<Pick<ReceivedRecord, 'key' | 'value' | 'headers'>[]>;
  close: () => Promise<void>;
};

const metrics = createMetrics('test');
let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'test' });
});
afterAll(() => telemetry.shutdown());
const log = createLogger({ service: 'test', level: 'silent' });
const newName = () => `mediai.essai.t${randomUUID().slice(0, 8)}.v1`;

function memoryHarness(): Harness {
  const bus = createMemoryBus();
  return { producer: bus.producer, consume: bus.createConsumer, newTopic: async () => newName(), read: async (topic) => bus.published(topic), close: async () => undefined };
}

async function kafkaHarness(): Promise<Harness> {
  const kafka = createKafka({ clientId: 'contract', brokers: testParts().kafkaBrokers });
  const admin = kafka.admin();
  await admin.connect();
  const producer = createKafkaProducer(kafka);
  const made: string[] = [];
  return {
    producer,
    consume: (options) => createConsumer({ ...options, kafka }),
    async newTopic() {
      const name = newName();
      made.push(name, deadLetterTopic(name));
      await ensureTopics(admin, [{ name, partitions: 2, compacted: false }]);
      return name;
    },
    async read(topic) {
      const wanted = (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);
      const found: Pick<ReceivedRecord, 'key' | 'value' | 'headers'>[] = [];
      if (wanted === 0) return found;
      const reader = kafka.consumer({ groupId: `reader-${randomUUID()}` });
      await reader.connect();
      await reader.subscribe({ topic, fromBeginning: true });
      const done = Promise.withResolvers<void>();
      await reader.run({ eachMessage: async ({ message }) => {
        found.push({ key: message.key?.toString() ?? '', value: message.value, headers: readHeaders(message.headers) });
        if (found.length >= wanted) done.resolve();
      } });
      await done.promise;
      await reader.disconnect();
      return found;
    },
    async close() {
      await producer.disconnect();
      await admin.deleteTopics({ topics: made });
      await admin.disconnect();
    },
  };
}

const user = (id: number, version = 1) => create(UserChangedSchema, { id, username: `u${id}`, role: 'patient', etablissementId: 1, version });

function record(topic: string, message: UserChanged | null, headers: Record<string, string> = {}, key = String(message?.id ?? 1)): EventRecord {
  return {
    topic, key, value: message && toBinary(UserChangedSchema, message),
    headers: { ce_specversion: '1.0', ce_id: randomUUID(), ce_source: '/mediai/auth', ce_type: 'mediai.auth.v1.UserChanged', ce_time: '2026-11-24T08:00:00.000Z', ce_subject: key, 'content-type': 'application/protobuf', ...headers },
  };
}

async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await condition());) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe.each([['in memory', async () => memoryHarness()], ['Kafka', kafkaHarness]] as const)('the bus: %s', (_, open) => {
  let bus: Harness;
  beforeAll(async () => { bus = await open(); });
  afterAll(async () => { await bus.close(); });

  /** A consumer of `topic` that notes what it was given; `act` may fail. */
  function listen(topic: string, act: (message: UserChanged, meta: EventMeta) => Promise<void> = async () => undefined, groupId = `g-${randomUUID()}`, more: Partial<ConsumeOptions> = {}) {
    const seen: { message: UserChanged; meta: EventMeta }[] = [];
    const consumer = bus.consume({
      groupId, topics: [topic], log, metrics, firstRetryMs: 5, ...more,
      handlers: Object.fromEntries([on(UserChangedSchema, async (message, meta) => { await act(message, meta); seen.push({ message, meta }); })]),
    });
    consumer.start();
    return { seen, consumer, groupId };
  }

  it('gives a handler the message and its envelope', async () => {
    const topic = await bus.newTopic();
    const sent = record(topic, user(7), { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
    const { seen, consumer } = listen(topic);
    await bus.producer.send([sent]);
    await until(() => seen.length === 1);
    await consumer.stop();
    expect(seen[0]?.message).toMatchObject({ id: 7, username: 'u7' });
    expect(seen[0]?.meta).toMatchObject({ eventId: sent.headers['ce_id'], type: 'mediai.auth.v1.UserChanged', topic, key: '7', offset: '0', traceparent: sent.headers['traceparent'], time: new Date('2026-11-24T08:00:00Z') });
  });

  it('keeps the order of each key, also while an event is tried again', async () => {
    const topic = await bus.newTopic();
    let failures = 3;
    const { seen, consumer } = listen(topic, async (message) => {
      if (message.version === 5 && failures-- > 0) throw new AppError('unavailable');
    });
    for (let version = 1; version <= 20; version++) await bus.producer.send([1, 2, 3].map((id) => record(topic, user(id, version))));
    await until(() => seen.length === 60);
    await consumer.stop();
    for (const id of [1, 2, 3]) expect(seen.filter(({ message }) => message.id === id).map(({ message }) => message.version)).toEqual(Array.from({ length: 20 }, (_each, at) => at + 1));
    expect(await bus.read(deadLetterTopic(topic))).toEqual([]);
  });

  it('gives every group every event, and a group that comes back only what is new', async () => {
    const topic = await bus.newTopic();
    await bus.producer.send([record(topic, user(1))]);
    const [one, other] = [listen(topic), listen(topic)];
    await until(() => one.seen.length === 1 && other.seen.length === 1);
    await one.consumer.stop();
    await bus.producer.send([record(topic, user(2))]);
    const back = listen(topic, undefined, one.groupId);
    await until(() => back.seen.length === 1 && other.seen.length === 2);
    await Promise.all([back.consumer.stop(), other.consumer.stop()]);
    expect(back.seen[0]?.message.id).toBe(2);
  });

  it('parks what can never be taken, with the reason, and moves on', async () => {
    const topic = await bus.newTopic();
    const { seen, consumer, groupId } = listen(topic, async (message) => {
      if (message.id === 13) (undefined as unknown as { x: string }).x.trim();
    });
    const key = 'k';
    const bad = [
      { ...record(topic, user(1), {}, key), value: Buffer.from([0xff, 0xff, 0xff, 0x01, 0x02]) },
      record(topic, user(2), { ce_specversion: '0.3' }, key),
      { topic, key, value: Buffer.from('not an event'), headers: {} },
      record(topic, user(3), { ce_type: 'mediai.auth.v2.UserChanged' }, key),
      record(topic, user(4), { ce_type: 'com.example.Other' }, key),
      record(topic, user(13), {}, key),
    ];
    await bus.producer.send([...bad, record(topic, user(99), {}, key)]);
    await until(() => seen.length === 1);
    await consumer.stop();
    expect(seen[0]?.message.id).toBe(99);
    const parked = await bus.read(deadLetterTopic(topic));
    expect(parked.map(({ headers }) => headers['dlq_reason'])).toEqual(['contenu_illisible', 'envelope_invalide', 'envelope_invalide', 'version_inconnue', 'type_inconnu', 'echec']);
    expect(parked.at(-1)).toMatchObject({ key, headers: { dlq_error: 'TypeError', dlq_attempts: '5', dlq_group: groupId, dlq_topic: topic, ce_id: bad[5]?.headers['ce_id'] } });
    expect(Buffer.from(parked[0]?.value ?? [])).toEqual(bad[0]?.value);
  });

  it('counts and times what it is given, and says of it in which trace it was', async () => {
    const topic = await bus.newTopic();
    const own = createMetrics('test');
    const lines: string[] = [];
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const { seen, consumer, groupId } = listen(topic, async (message) => {
      if (message.id === 13) throw new TypeError('Canarina');
    }, undefined, { metrics: own, log: createLogger({ service: 'test', stream: { write: (line) => void lines.push(line) } }), maxAttempts: 2 });
    const traced = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    await bus.producer.send([record(topic, user(13), traced, 'k'), { topic, key: 'k', value: Buffer.from('Canarina'), headers: traced }, record(topic, user(1), {}, 'k')]);
    await until(() => seen.length === 1);
    await consumer.stop();
    const text = await own.registry.metrics();
    const labels = `group="${groupId}",topic="${topic}"`;
    for (const [outcome, times] of Object.entries({ retried: 1, dead_letter: 2, done: 1 })) expect(text).toContain(`events_consumed_total{${labels},outcome="${outcome}",service="test"} ${times}`);
    expect(text).toContain(`dead_letters_total{${labels},service="test"} 2`);
    expect(text).toContain(`event_handling_duration_seconds_count{service="test",${labels}} 3`);
    const told = lines.map((line) => JSON.parse(line) as { msg: string; trace_id?: string }).filter(({ msg }) => msg.startsWith('event'));
    expect(told.map(({ trace_id: id }) => id)).toEqual([traceId, traceId, traceId]);
    expect(text + lines.join()).not.toContain('Canarina');
  });

  describe('events that one handler takes together', () => {
    /** A consumer that takes what came together; it begins when all is sent. */
    async function together(sent: (topic: string) => EventRecord[], act: (ids: number[]) => void = () => undefined) {
      const topic = await bus.newTopic();
      const taken: number[][] = [];
      const own = createMetrics('test');
      await bus.producer.send(sent(topic));
      const consumer = bus.consume({
        groupId: 'ensemble', topics: [topic], log, metrics: own, firstRetryMs: 1, maxAttempts: 2,
        handlers: { 'mediai.auth.v1.UserChanged': onSeveral<UserChanged>(async (users) => {
          act(users.map(({ id }) => id));
          taken.push(users.map(({ id }) => id));
        }) },
        tombstones: { 'mediai.auth.v1.UserChanged': async () => { taken.push([]); } },
      });
      consumer.start();
      return { topic, taken, consumer, outcomes: async () => [...(await own.registry.metrics()).matchAll(/events_consumed_total\{[^}]*outcome="(\w+)"[^}]*\} (\d+)/g)].map(([, outcome, times]) => [outcome, Number(times)]) };
    }
    const inOrder = (...ids: number[]) => (topic: string) => ids.map((id) => record(topic, user(id), {}, 'k'));

    it('are given to it at once, in their order, up to what it does not take', async () => {
      const { taken, consumer, outcomes } = await together((topic) => [...inOrder(1, 2, 3)(topic), record(topic, null, {}, 'k'), ...inOrder(4, 5)(topic)]);
      await until(() => taken.flat().length === 5);
      await consumer.stop();
      expect(taken).toEqual([[1, 2, 3], [], [4, 5]]);
      expect(await outcomes()).toEqual([['done', 6]]);
    });

    it('are tried one by one when they fail together, and only what fails alone is parked', async () => {
      const { topic, taken, consumer, outcomes } = await together(inOrder(1, 13, 3), (ids) => {
        if (ids.includes(13)) throw new TypeError('Canarina');
      });
      await until(() => taken.flat().length === 2);
      await consumer.stop();
      expect(taken).toEqual([[1], [3]]);
      expect((await bus.read(deadLetterTopic(topic))).map(({ headers }) => headers['dlq_reason'])).toEqual(['echec']);
      expect(await outcomes()).toEqual(expect.arrayContaining([['done', 2], ['dead_letter', 1], ['retried', 1]]));
    });

    it('do not hide one among them that cannot be read', async () => {
      const { topic, taken, consumer } = await together((name) => [...inOrder(1)(name), { ...record(name, user(2), {}, 'k'), value: Buffer.from([0xff, 0xff, 0xff, 0x01, 0x02]) }, ...inOrder(3)(name)]);
      await until(() => taken.flat().length === 2);
      await consumer.stop();
      expect(taken).toEqual([[1], [3]]);
      expect((await bus.read(deadLetterTopic(topic))).map(({ headers }) => headers['dlq_reason'])).toEqual(['contenu_illisible']);
    });

    it('are not given again to a consumer that comes back', async () => {
      const { topic, taken, consumer } = await together(inOrder(1, 2));
      await until(() => taken.flat().length === 2);
      await consumer.stop();
      await bus.producer.send(inOrder(3)(topic));
      const again: number[] = [];
      const back = bus.consume({ groupId: 'ensemble', topics: [topic], log, metrics, handlers: { 'mediai.auth.v1.UserChanged': onSeveral<UserChanged>(async (users) => { again.push(...users.map(({ id }) => id)); }) } });
      back.start();
      await until(() => again.length > 0);
      await back.stop();
      expect(again).toEqual([3]);
    });
  });

  it('passes over a type that this build does not know yet', async () => {
    const topic = await bus.newTopic();
    const { seen, consumer } = listen(topic);
    await bus.producer.send([record(topic, user(1), { ce_type: 'mediai.auth.v1.UserMerged' }, 'k'), record(topic, user(2), {}, 'k')]);
    await until(() => seen.length === 1);
    await consumer.stop();
    expect(await bus.read(deadLetterTopic(topic))).toEqual([]);
  });

  it('waits out what will come back, without parking', async () => {
    const topic = await bus.newTopic();
    const causes = [new AppError('unavailable'), new AppError('deadline'), Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), Object.assign(new Error('x'), { code: '57P01' }),
      Object.assign(new Error('x'), { code: 'P1001' }), new Error('Connection terminated unexpectedly'), new Error('Query read timeout'), new Error('deep', { cause: { cause: { kind: 'DatabaseNotReachable' } } })];
    const { seen, consumer } = listen(topic, async () => {
      const cause = causes.pop();
      if (cause) throw cause;
    }, undefined, { maxAttempts: 1 });
    await bus.producer.send([record(topic, user(1))]);
    await until(() => seen.length === 1);
    await consumer.stop();
    expect(await bus.read(deadLetterTopic(topic))).toEqual([]);
  });

  it('stops in the middle of retries, and gives the event again afterwards', async () => {
    const topic = await bus.newTopic();
    let tried = 0;
    const first = listen(topic, async () => { tried++; throw new AppError('unavailable'); }, undefined, { firstRetryMs: 60_000 });
    await bus.producer.send([record(topic, user(1))]);
    await until(() => tried > 0);
    const began = Date.now();
    await first.consumer.stop();
    expect(Date.now() - began).toBeLessThan(5_000);
    const second = listen(topic, undefined, first.groupId);
    await until(() => second.seen.length === 1);
    await second.consumer.stop();
  });

  it('gives tombstones to their own handler only', async () => {
    const topic = await bus.newTopic();
    const gone: string[] = [];
    const { seen, consumer } = listen(topic, undefined, undefined, { tombstones: { 'mediai.auth.v1.UserChanged': async (meta) => { gone.push(meta.key); } } });
    await bus.producer.send([record(topic, null, {}, '4'), record(topic, user(4), {}, '4')]);
    await until(() => seen.length === 1);
    await consumer.stop();
    expect(gone).toEqual(['4']);
  });
});

describe('Kafka only', () => {
  it('replays parked events once, which then have their effect', async () => {
    const bus = await kafkaHarness();
    const topic = await bus.newTopic();
    const kafka = createKafka({ clientId: 'replay', brokers: testParts().kafkaBrokers });
    let broken = true;
    const seen: number[] = [];
    const consumer = bus.consume({ groupId: `g-${randomUUID()}`, topics: [topic], log, metrics, firstRetryMs: 1, handlers: Object.fromEntries([on(UserChangedSchema, async ({ id }) => {
      if (broken) throw new RangeError('broken');
      seen.push(id);
    })]) });
    consumer.start();
    await bus.producer.send([record(topic, user(1)), record(topic, user(2))]);
    await until(async () => (await bus.read(deadLetterTopic(topic))).length === 2);
    broken = false;
    expect(await replay({ kafka, topic })).toEqual({ sent: 2, left: 0 });
    await until(() => seen.length === 2);
    expect(await replay({ kafka, topic })).toEqual({ sent: 0, left: 0 });
    await consumer.stop();
    expect(seen.sort()).toEqual([1, 2]);
    expect((await bus.read(topic)).every(({ headers }) => headers['dlq_reason'] === undefined)).toBe(true);
    await bus.close();
  });

  it('replays an event once that several groups have parked', async () => {
    const bus = await kafkaHarness();
    const topic = await bus.newTopic();
    const kafka = createKafka({ clientId: 'replay', brokers: testParts().kafkaBrokers });
    const consumers = [1, 2].map(() => bus.consume({ groupId: `g-${randomUUID()}`, topics: [topic], handlers: {}, log, metrics }));
    for (const consumer of consumers) consumer.start();
    await bus.producer.send([record(topic, user(1), { ce_type: 'mediai.auth.v9.UserChanged' })]);
    await until(async () => (await bus.read(deadLetterTopic(topic))).length === 2);
    expect(await replay({ kafka, topic })).toEqual({ sent: 1, left: 0 });
    await until(async () => (await bus.read(deadLetterTopic(topic))).length === 4);
    expect(await bus.read(topic)).toHaveLength(2);
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    await bus.close();
  });

  it('replays every parked record that does not say where it came from', async () => {
    const bus = await kafkaHarness();
    const topic = await bus.newTopic();
    await bus.producer.send([1, 2].map((id) => record(deadLetterTopic(topic), user(id))));
    await until(async () => (await bus.read(deadLetterTopic(topic))).length === 2);
    const kafka = createKafka({ clientId: 'replay', brokers: testParts().kafkaBrokers });
    expect(await replay({ kafka, topic })).toEqual({ sent: 2, left: 0 });
    await bus.close();
  });

  it('commits for many batches at once, and what is left before it leaves', async () => {
    const bus = await kafkaHarness();
    const topic = await bus.newTopic();
    const groupId = `g-${randomUUID()}`;
    const kafka = createKafka({ clientId: 'commits', brokers: testParts().kafkaBrokers });
    const told = { batches: 0, commits: 0 };
    const watched: typeof kafka = Object.assign(Object.create(kafka), {
      consumer: (config: Parameters<typeof kafka.consumer>[0]) => {
        const client = kafka.consumer(config);
        client.on(client.events.START_BATCH_PROCESS, () => { told.batches++; });
        client.on(client.events.COMMIT_OFFSETS, () => { told.commits++; });
        return client;
      },
    });
    let seen = 0;
    const consumer = createConsumer({ kafka: watched, groupId, topics: [topic], log, metrics, handlers: Object.fromEntries([on(UserChangedSchema, async () => { seen++; })]) });
    consumer.start();
    for (let id = 1; id <= 30; id++) {
      await bus.producer.send([record(topic, user(id), {}, 'k')]);
      await until(() => seen === id);
    }
    await consumer.stop();
    expect(told.batches).toBe(30);
    expect(told.commits).toBeLessThan(told.batches);
    const admin = kafka.admin();
    await admin.connect();
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
    await admin.disconnect();
    expect(committed?.partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0)).toBe(30);
    await bus.close();
  });

  it('starts without brokers, says so, and stops at once', async () => {
    const kafka = createKafka({ clientId: 'absent', brokers: ['127.0.0.1:9'] });
    const consumer = createConsumer({ kafka, groupId: 'g', topics: ['t'], handlers: {}, log, metrics });
    consumer.start();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await consumer.check()).toBe('degraded');
    const began = Date.now();
    await consumer.stop();
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('counts what became of the events, and the lag', async () => {
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/events_consumed_total\{[^}]*outcome="done"[^}]*\} \d/);
    expect(text).toMatch(/events_consumed_total\{[^}]*outcome="dead_letter"[^}]*\} \d/);
    expect(text).toMatch(/consumer_lag\{[^}]*\} 0/);
  });
});
