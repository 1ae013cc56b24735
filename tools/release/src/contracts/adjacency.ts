import { createRegistry, toBinary, type DescMessage, type DescMethod, type DescService, type FileRegistry, type Message } from '@bufbuild/protobuf';
import { readEvent, toRecord } from '@mediai/events';
import { connect, implement, methodName, serve } from '@mediai/kit/grpc';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { differences } from './compare.ts';
import { sampleOf, variantsOf } from './sample.ts';

export type Finding = {
  /** `removed`: what the previous version still uses is gone. `changed`: the same word says something else. */
  kind: 'removed' | 'changed';
  words: string;
};

/**
 * Lets two adjacent versions of the suite talk over real gRPC, each side by its own contracts only: every method of a
 * service that both have, the new client at the old server and the old client at the new one, with every field filled.
 * Returns what one side did not take as the other meant it.
 */
export async function callAcross(previous: FileRegistry, next: FileRegistry): Promise<Finding[]> {
  const removed = servicesOf(previous).flatMap((service) => missingMethods(service, next));
  const changed = [...(await callServices(next, previous, 'new client, old server')), ...(await callServices(previous, next, 'old client, new server'))];
  return [...removed, ...changed];
}

/** The same of events: what the one version writes to a topic is read by the other, in both directions. */
export function readAcross(previous: FileRegistry, next: FileRegistry): Finding[] {
  const removed = eventsOf(previous).filter(({ typeName }) => !next.getMessage(typeName)).map(({ typeName }): Finding => ({ kind: 'removed', words: `The event ${typeName} is gone.` }));
  return [...removed, ...readEvents(next, previous, 'new writer, old reader'), ...readEvents(previous, next, 'old writer, new reader')];
}

const servicesOf = (registry: FileRegistry): DescService[] => [...registry].filter((type) => type.kind === 'service');
const eventsOf = (registry: FileRegistry): DescMessage[] => [...registry.files].filter(({ name }) => name.endsWith('/events')).flatMap(({ messages }) => messages);

function missingMethods(service: DescService, next: FileRegistry): Finding[] {
  const other = next.getService(service.typeName);
  if (!other) return [{ kind: 'removed', words: `The service ${service.typeName} is gone.` }];
  return service.methods.filter(({ name }) => !other.methods.some((method) => method.name === name)).map((method) => ({ kind: 'removed', words: `The method ${methodName(method)} is gone.` }));
}

/** What the two sides of the call under way saw of each other. */
type Exchange = { answer: Message; received: Message[] };

async function callServices(clients: FileRegistry, servers: FileRegistry, direction: string): Promise<Finding[]> {
  const pairs = servicesOf(clients).flatMap((client) => {
    const server = servers.getService(client.typeName);
    return server ? [{ client, server }] : [];
  });
  const exchanges = new Map<string, Exchange>();
  const log = createLogger({ service: 'release', level: 'silent' });
  const implementations = pairs.map(({ server }) => implement(server, Object.fromEntries(server.methods.map((method) => [method.localName, answering(method, exchanges)]))));
  const server = await serve({ services: implementations, host: '127.0.0.1', port: 0, publicMethods: pairs.flatMap((pair) => pair.server.methods.map(methodName)), log, metrics: createMetrics('release') });
  try {
    const found = await Promise.all(pairs.map((pair) => callMethods(pair, `127.0.0.1:${server.port}`, exchanges)));
    return found.flat().map((words): Finding => ({ kind: 'changed', words: `${words} (${direction})` }));
  } finally {
    await server.close(1_000);
  }
}

/** A handler that keeps what it was sent and answers what the exchange holds for it. */
function answering(method: DescMethod, exchanges: Map<string, Exchange>) {
  const exchange = (): Exchange => exchanges.get(methodName(method))!;
  if (method.methodKind === 'client_streaming') {
    return async (requests: AsyncIterable<Message>) => {
      for await (const request of requests) exchange().received.push(request);
      return exchange().answer;
    };
  }
  if (method.methodKind === 'server_streaming') {
    return async function* (request: Message) {
      exchange().received.push(request);
      yield exchange().answer;
      yield exchange().answer;
    };
  }
  return async (request: Message) => {
    exchange().received.push(request);
    return exchange().answer;
  };
}

async function callMethods({ client: service, server }: { client: DescService; server: DescService }, address: string, exchanges: Map<string, Exchange>): Promise<string[]> {
  const client = connect(service, { address }) as unknown as Record<string, (sent: unknown) => Promise<unknown>> & { close: () => void };
  const found: string[] = [];
  try {
    for (const method of service.methods) {
      const other = server.methods.find(({ name }) => name === method.name);
      if (!other) continue;
      if (other.methodKind !== method.methodKind) found.push(`${methodName(method)} is ${method.methodKind} to one and ${other.methodKind} to the other.`);
      else for (let variant = 0; variant < variants(method, other); variant++) found.push(...(await callOnce(client[method.localName]!, method, other, variant, exchanges)));
    }
  } finally {
    client.close();
  }
  return [...new Set(found)];
}

const variants = (...methods: DescMethod[]): number => Math.max(...methods.flatMap(({ input, output }) => [variantsOf(input), variantsOf(output)]));

async function callOnce(call: (sent: unknown) => Promise<unknown>, method: DescMethod, other: DescMethod, variant: number, exchanges: Map<string, Exchange>): Promise<string[]> {
  const name = methodName(method);
  const request = sampleOf(method.input, variant);
  const exchange: Exchange = { answer: sampleOf(other.output, variant), received: [] };
  exchanges.set(name, exchange);
  try {
    const answers = await send(call, method, request);
    const counts = [method.methodKind === 'client_streaming' ? 2 : 1, method.methodKind === 'server_streaming' ? 2 : 1];
    if (exchange.received.length !== counts[0] || answers.length !== counts[1]) return [`${name}: ${exchange.received.length} requests and ${answers.length} answers arrived.`];
    const seen = [
      ...exchange.received.flatMap((received) => differences(method.input, request, other.input, received)),
      ...answers.flatMap((answer) => differences(other.output, exchange.answer, method.output, answer)),
    ];
    return seen.map((words) => `${name}: ${words}`);
  } catch (error) {
    return [`${name}: the call failed: ${(error as Error).message}.`];
  }
}

async function send(call: (sent: unknown) => Promise<unknown>, { methodKind }: DescMethod, request: Message): Promise<Message[]> {
  if (methodKind === 'server_streaming') {
    const answers: Message[] = [];
    for await (const answer of (await call(request)) as AsyncIterable<Message>) answers.push(answer);
    return answers;
  }
  return [(await call(methodKind === 'client_streaming' ? [request, request] : request)) as Message];
}

function readEvents(writers: FileRegistry, readers: FileRegistry, direction: string): Finding[] {
  const reading = createRegistry(...eventsOf(readers));
  return eventsOf(writers).flatMap((schema) => {
    const samples = Array.from({ length: variantsOf(schema) }, (_, variant) => sampleOf(schema, variant));
    const words = samples.flatMap((message) => readOne(schema, message, reading));
    return [...new Set(words)].map((one): Finding => ({ kind: 'changed', words: `${schema.typeName}: ${one} (${direction})` }));
  });
}

function readOne(schema: DescMessage, message: Message, reading: ReturnType<typeof createRegistry>): string[] {
  const row = { id: '1', event_id: '00000000-0000-4000-8000-000000000000', topic: 'mediai.essai.adjacence.v1', key: '1', type: schema.typeName, payload: toBinary(schema, message), traceparent: null, baggage: null, occurred_at: new Date(0) };
  const read = readEvent({ ...toRecord(row), partition: 0, offset: '0' }, reading);
  if (read.kind === 'event') return differences(schema, message, read.schema, read.message);
  // A type that the older reader does not know yet is passed over; anything else would park the event.
  return read.kind === 'foreign' ? [] : [`it is read as ${read.kind}${read.kind === 'poison' ? ` (${read.reason})` : ''}.`];
}
