import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@mediai/db/admin';
import { ficheComplete } from '@mediai/testing';
import { percentile } from '../load/latency.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { call } from '../suite/call.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { kafkaHops } from './kafka-hop.ts';
import { stages as names, wayOf, type Span, type Way } from './trace-stages.ts';

const warm = 5;

/**
 * How long a fiche takes from POST to `analyse_terminee`, one after the other, by stages as its trace tells them, beside
 * what Kafka itself takes from a producer to a consumer. The stand-ins of the models answer at once; their time is apart.
 */
export const stages: Measurement = {
  name: 'stages',
  title: 'From POST to analyse_terminee',
  async run(bench) {
    const count = bench.quick ? 15 : 60;
    const halfOfKafka = () => kafkaHops(bench.kafkaBrokers.split(','), count * 2);
    const before = await halfOfKafka();
    const traces: string[] = [];
    for (let n = 0; n < count + warm; n += 1) traces.push(await follow(bench));
    const kafka = [...before, ...(await halfOfKafka())];
    const ways: Way[] = [];
    for (const trace of traces.slice(warm)) ways.push(await readWay(bench, trace));
    return write(ways, kafka);
  },
};

/** An id of a trace that every share of traces holds: the sampler compares its four words, exclusive-or'ed, with the share. */
function sharedTraceId(): string {
  const random = randomBytes(12);
  const words = [0, 4, 8].map((at) => random.readUInt32BE(at));
  const last = words.reduce((all, word) => all ^ word, 0) >>> 0;
  return [...words, last].map((word) => word.toString(16).padStart(8, '0')).join('');
}

/** Posts a fiche and waits for the end of its analysis. Returns the id of its trace. */
async function follow(bench: Bench): Promise<string> {
  const trace = sharedTraceId();
  const { id } = await call<{ id: number }>(bench.gatewayUrl, 'POST', '/fiche-consultation/', {
    token: await bench.token('patient'), body: ficheComplete(), headers: { traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01` },
  });
  // The trace says when it ended: looking for it seldom costs the time of the next one only.
  await withClient(bench.databaseUrl('consultation'), async (client) => {
    for (const limit = Date.now() + 60_000; (await client.query<{ status: string }>('SELECT status FROM fiche_consultation WHERE id = $1', [id])).rows[0]?.status !== 'analyse_terminee'; await sleep(20)) {
      if (Date.now() > limit) throw new Error(`the analysis of fiche ${id} does not end`);
    }
  });
  return trace;
}

/** The way of a trace, once its spans have been exported. */
async function readWay(bench: Bench, trace: string): Promise<Way> {
  for (const limit = Date.now() + 30_000; Date.now() < limit; await sleep(200)) {
    const { spans } = (await (await fetch(`${bench.sandboxUrl}/sandbox/traces?trace_id=${trace}`)).json()) as { spans: Span[] };
    const way = wayOf(spans);
    if (way) return way;
  }
  throw new Error(`the spans of trace ${trace} do not come: the services must export them to the sandbox (OTEL_EXPORTER_OTLP_ENDPOINT)`);
}

type Spread = { p50: number; p95: number };
function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) };
}

function write(ways: readonly Way[], kafkaMs: readonly number[]) {
  const kafka = spreadOf(kafkaMs);
  const total = spreadOf(ways.map((way) => way.total));
  const byStage = names.map((stage, i) => ({ stage, ...spreadOf(ways.map((way) => way.stages[i] ?? Number.NaN)) }));
  const models = spreadOf(ways.map((way) => way.models));
  const row = (name: string, { p50, p95 }: Spread): string[] => [name, p50.toFixed(1), p95.toFixed(1)];
  const table = markdownTable([`${ways.length} fiches, one after the other`, 'p50 ms', 'p95 ms'], [
    ...byStage.map(({ stage, ...spread }) => row(stage, spread)),
    row('**POST to analyse_terminee, without models**', total),
    row('the models (stand-ins)', models),
    row('Kafka itself, producer to consumer', kafka),
    [`ratio to Kafka itself`, `${(total.p50 / kafka.p50).toFixed(1)} x`, ''],
  ]);
  return { table, json: { fiches: ways.length, stages: byStage, total, models, kafka, ratioToKafka: total.p50 / kafka.p50 } };
}
