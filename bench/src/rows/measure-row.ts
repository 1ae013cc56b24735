import { setTimeout as sleep } from 'node:timers/promises';
import { closedLoop, type Extent } from '../load/closed-loop.ts';
import { median } from '../load/latency.ts';
import { openLoop } from '../load/open-loop.ts';
import type { Load } from '../load/request.ts';
import type { Bench } from '../measurement.ts';
import { cpuMs } from '../process/process-usage.ts';
import { settle } from '../suite/settle.ts';
import type { Target, TargetName } from '../target/target.ts';
import { firstDifference } from './first-difference.ts';
import { ratiosOf, type OpenMeasured, type RowMeasured, type TargetMeasured } from './measured.ts';
import type { Pace } from './pace.ts';
import type { Row, Stock } from './row.ts';
import { askOnce, requestsOf } from './write-request.ts';

type Round = Load & { cpu: Record<string, number> };

/** Shares of the capacity found at which the open loop asks. */
const shares = [0.5, 0.8];
/** How long the end of what is under way is waited for at most. */
const longestRestMs = 5_000;

type Context = { bench: Bench; stock: Stock; row: Row; pace: Pace };

/** Measures one row on each server that has it, in turns: round by round floor, hop, suite, then again. */
export async function measureRow(context: Context, targets: readonly Target[]): Promise<RowMeasured> {
  const { row, pace } = context;
  const { able, notes } = await findAble(context, targets);
  const rounds = new Map<TargetName, Round[]>(able.map(({ name }) => [name, []]));
  for (const target of able) await runRound(context, target, { seconds: pace.warmSeconds, least: pace.warmAnswers });
  for (let n = 0; n < pace.rounds; n += 1) {
    for (const target of able) rounds.get(target.name)?.push(await runRound(context, target, { seconds: pace.seconds }));
  }
  const measured: RowMeasured['targets'] = {};
  for (const target of able) {
    const closed = summarize(rounds.get(target.name) ?? []);
    measured[target.name] = { ...closed, open: pace.openOf.includes(target.name) ? await measureOpen(context, target, closed.perSecond) : [] };
  }
  return { title: row.title, targets: measured, ratios: ratiosOf(measured), notes };
}

/** Asks each server once: who answers 404 or 501 has no such row; who answers otherwise than well is not measured; GETs must answer alike. */
async function findAble(context: Context, targets: readonly Target[]): Promise<{ able: Target[]; notes: string[] }> {
  const [able, notes, bodies] = [[] as Target[], [] as string[], {} as Partial<Record<TargetName, string>>];
  for (const target of targets) {
    await context.row.restore?.(context.bench, context.stock);
    const { status, body } = await askOnce(target.url, (await requestsOf(context.row, context.bench, context.stock))(0));
    if (status >= 200 && status < 300) {
      able.push(target);
      bodies[target.name] = body.replaceAll(target.url, context.bench.gatewayUrl); // a link to the next page names the server that is asked
    } else if (target.name === 'suite' || (status !== 404 && status !== 501)) notes.push(`${target.name} answers ${status}`);
  }
  // What health says of times differs by itself.
  if (context.row.method === 'GET' && context.row.group !== 'health' && bodies.suite !== undefined) {
    for (const { name } of able) {
      const where = firstDifference(bodies.suite, bodies[name] ?? '');
      if (where !== undefined) notes.push(`${name} answers other bytes, from \`${where}\` on`);
    }
  }
  return { able, notes };
}

async function runRound(context: Context, target: Target, extent: Extent): Promise<Round> {
  const { bench, row, stock } = context;
  const next = await prepared(context);
  const pids = await target.pids();
  const before = cpuMs(pids);
  const load = await closedLoop(target.url, next, { ...extent, ...(row.most ? { most: row.most(stock) } : {}) });
  const after = cpuMs(pids);
  // Answers that nobody waited for any more still use up their objects: not behind the back of the next round.
  if (row.restore) await sleep(Math.min(longestRestMs, 2 * load.p99));
  if (row.method !== 'GET' && target.name === 'suite') await settle(bench);
  return { ...load, cpu: Object.fromEntries(Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)])) };
}

/** Puts the row's objects back and writes its requests. */
async function prepared({ bench, row, stock }: Context) {
  await row.restore?.(bench, stock);
  return requestsOf(row, bench, stock);
}

/** Rates and times are medians of the rounds; CPU is all that was used for all that was answered. */
function summarize(rounds: readonly Round[]): Omit<TargetMeasured, 'open'> {
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  const mid = (of: (round: Round) => number): number => median(rounds.map(of));
  const answered = sum((round) => round.answered);
  const cpu = Object.fromEntries(Object.keys(rounds[0]?.cpu ?? {}).map((name) => [name, sum((round) => round.cpu[name] ?? 0) / Math.max(1, answered)]));
  return {
    perSecond: mid((round) => round.perSecond), p50: mid((round) => round.p50), p99: mid((round) => round.p99), answered, failed: sum((round) => round.failed),
    cpu, cpuTotal: Object.values(cpu).reduce((total, ms) => total + ms, 0),
  };
}

async function measureOpen(context: Context, target: Target, capacity: number): Promise<OpenMeasured[]> {
  const { bench, row, stock, pace } = context;
  const measured: OpenMeasured[] = [];
  for (const share of shares) {
    const rate = capacity * share;
    if (rate < 1) continue;
    const seconds = Math.min(pace.openSeconds, (row.most?.(stock) ?? Infinity) / rate);
    const next = await prepared(context);
    measured.push({ share, rate, ...(await openLoop(target.url, next, { rate, seconds })) });
    if (row.method !== 'GET' && target.name === 'suite') await settle(bench);
  }
  return measured;
}
