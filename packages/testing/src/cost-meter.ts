import { currentTrace, withSpan } from '@mediai/kit/telemetry';
import { SpanKind } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { watchStatements } from './watch-statements.ts';

/** What an operation asks of others. */
export type Cost = {
  /** SQL statements, without those that begin and end transactions. */
  statements: number;
  /** Transactions begun; a statement on its own is in none of these. */
  transactions: number;
  /** Times that PostgreSQL is written to and waited for: statements, BEGIN, COMMIT, ROLLBACK. */
  roundTrips: number;
  /** gRPC calls, the one that asks for the operation included. */
  grpcCalls: number;
};
export type Costs<Name extends string = string> = Readonly<Record<Name, Cost>>;

/** Makes ready what an operation needs, and gives the operation: what is made ready is not counted. */
export type Prepare = () => Promise<() => Promise<unknown>>;

/** What was counted, and the statements in their order. */
export type Counted = { cost: Cost; sql: string[] };

const control = /^\s*(?:begin|start transaction|commit|end|rollback|savepoint|release)\b/i;
const begins = /^\s*(?:begin|start transaction)\b/i;
/** Milliseconds without anything new after which an operation has done what it does after its answer. */
const quietMs = 60;

/**
 * Counts what operations cost by the trace they are made in: each statement that reaches pg inside of it, each span of a
 * gRPC call. What runs beside (relay, workers, gauges) has traces of its own or none and does not count. To be made
 * before the first connection to PostgreSQL, and used while telemetry runs with `spans` as its exporter.
 */
export function createCostMeter(spans = new InMemorySpanExporter()) {
  const statements = watchStatements(() => currentTrace()?.traceId);

  async function count(operation: () => Promise<unknown>): Promise<Counted> {
    let traceId = '';
    await withSpan('counted', {}, () => {
      traceId = currentTrace()?.traceId ?? '';
      if (!traceId) throw new Error('nothing can be counted: telemetry does not run');
      return operation();
    });
    const sql = await statements.settled(traceId, quietMs);
    const calls = spans.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId && span.kind === SpanKind.CLIENT && span.attributes['rpc.system'] === 'grpc');
    return {
      cost: {
        statements: sql.filter((text) => !control.test(text)).length,
        transactions: sql.filter((text) => begins.test(text)).length,
        roundTrips: sql.length,
        grpcCalls: calls.length,
      },
      sql,
    };
  }

  /** Counts an operation as it is once all that is kept is kept: it is done once before. */
  async function measure(prepare: Prepare): Promise<Counted> {
    await (await prepare())();
    await sleep(quietMs);
    return count(await prepare());
  }

  return {
    spans,
    count,
    measure,
    /**
     * Undefined where an operation costs just this; else what it costs, with its statements. It is then measured once
     * more: what is kept for a time may have come to its end in between.
     */
    async deviation(expected: Cost, prepare: Prepare): Promise<string | undefined> {
      const first = await measure(prepare);
      const { cost, sql } = isDeepStrictEqual(first.cost, expected) ? first : await measure(prepare);
      if (isDeepStrictEqual(cost, expected)) return undefined;
      return `costs ${told(cost)}; and not ${told(expected)}:\n${sql.map((text) => `- ${text.replaceAll('"public".', '').replaceAll('"', '').replaceAll(/\s+/g, ' ').trim()}`).join('\n')}`;
    },
  };
}

const told = ({ statements, transactions, roundTrips, grpcCalls }: Cost): string => `${statements} statements, ${transactions} transactions, ${roundTrips} round trips, ${grpcCalls} gRPC calls`;

export type CostMeter = ReturnType<typeof createCostMeter>;
