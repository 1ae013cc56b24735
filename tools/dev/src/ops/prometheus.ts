import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKafka, topics } from '@mediai/events';
import { listExpressions } from '@mediai/observability';
import type { Expression } from '@mediai/observability';
import { merge, runJest } from '../checks.ts';
import type { Verdict } from '../checks.ts';
import { startJourneySuite } from '../journeys.ts';
import { readJson } from '../json-file.ts';
import { statePaths } from '../paths.ts';
import type { Env } from '../paths.ts';
import { createPorts } from '../ports.ts';
import { createProcesses } from '../processes.ts';
import { runSession } from '../session.ts';
import type { Session } from '../session.ts';
import { serviceNames } from '../suite.ts';
import type { OpsContext } from './context.ts';
import { build } from '../turbo.ts';
import { faultOfAnswer } from './fault-of-answer.ts';
import { findPrometheus } from './prometheus-programs.ts';
import { startPrometheus } from './prometheus-server.ts';
import type { PrometheusServer } from './prometheus-server.ts';

/** Journeys that together make traffic on everything; the table of permissions, other attacks, old addresses and the wait for whole traces add none of another kind. */
const journeys = ['main-job', 'dossier', 'document', 'exports', 'appointment', 'visibility', 'webhooks', 'transitions', 'fail-safe', 'attacks/accounts', 'attacks/tokens'];
const stepSeconds = 5;

/**
 * Prometheus asks a running suite while journeys travel through it, with the repository's own configuration and rules;
 * then every expression of every dashboard and recording rule has an answer with the labels that it names.
 */
export async function checkPrometheus(context: OpsContext): Promise<Verdict> {
  const programs = await findPrometheus(context.env, (line) => context.steps.print(`  ${line}`));
  await context.steps.run('build', () => build(['generate', 'build'], context));
  let verdict: Verdict = { passed: 0, failed: 1, words: 'The suite did not start.' };
  await runSession(join(context.stateDir, 'suite'), async (session) => {
    const env = await startJourneySuite(session, context.steps, context.env, 'volatile');
    const server = await startBeside(session, programs, env);
    const began = Date.now() / 1000;
    const travelled = await context.steps.run('journeys', () => runJest('e2e', ['--testPathPatterns', journeys.map((name) => `src/${name}\\.test`).join('|')], { ...context, env }), ({ failed }) => failed === 0);
    const rare = await makeRareThingsHappen(env, server);
    verdict = merge([travelled, rare, await checkTargets(server), await checkExpressions(server, began, context), await checkExemplars(server, began)]);
    return verdict.failed === 0 ? 0 : 1;
  });
  return verdict;
}

async function startBeside(session: Session, { prometheus, nodeExporter }: Awaited<ReturnType<typeof findPrometheus>>, env: Env): Promise<PrometheusServer> {
  const paths = statePaths(session.stateDir);
  const [ports, processes] = [createPorts(paths.ports), createProcesses(paths, session.signal)];
  const nodePort = await ports.claim('node-exporter');
  const exporter = await processes.run({ name: 'node-exporter', command: nodeExporter, args: [`--web.listen-address=127.0.0.1:${nodePort}`], env });
  session.onEnd(exporter.stop);
  const { services } = readJson<{ services: Record<string, { internalUrl: string }> }>(env['E2E_CONTROL']!, { services: {} });
  const targets = Object.fromEntries([['node', `127.0.0.1:${nodePort}`], ...serviceNames.map((name) => [name, new URL(services[name]!.internalUrl).host])]);
  const server = await startPrometheus(prometheus, { dir: join(session.stateDir, 'prometheus'), port: await ports.claim('prometheus'), targets, processes, env });
  session.onEnd(server.stop);
  return server;
}

/** What no healthy run shows: an event that nobody can take is parked by every group, and an alert tells of it. */
async function makeRareThingsHappen(env: Env, server: PrometheusServer): Promise<Verdict> {
  const producer = createKafka({ clientId: 'mediai-ops', brokers: env['TEST_KAFKA_BROKERS']!.split(',') }).producer();
  await producer.connect();
  await producer.send({ topic: topics.fiche.name, messages: [{ key: '0', value: 'not an event' }] });
  await producer.disconnect();
  const fires = async () => (await server.get<{ alerts: { labels: Record<string, string>; state: string }[] }>('alerts')).alerts.some(({ labels, state }) => labels['alertname'] === 'DeadLetters' && state === 'firing');
  for (const limit = Date.now() + 120_000; Date.now() < limit; await sleep(1_000)) if (await fires()) return toVerdict(1, []);
  return toVerdict(1, ['An event was parked and DeadLetters did not fire within 2 minutes.']);
}

async function checkTargets({ get }: PrometheusServer): Promise<Verdict> {
  const { activeTargets } = await get<{ activeTargets: { labels: Record<string, string>; health: string; lastError: string }[] }>('targets');
  const { groups } = await get<{ groups: { rules: { name: string; health: string; lastError?: string }[] }[] }>('rules');
  const faults = [
    ...activeTargets.filter(({ health }) => health !== 'up').map(({ labels, lastError }) => `${labels['job']} does not answer: ${lastError}`),
    ...groups.flatMap(({ rules }) => rules).filter(({ health }) => health !== 'ok').map(({ name, lastError }) => `rule ${name}: ${lastError ?? 'never evaluated'}`),
  ];
  return toVerdict(activeTargets.length + groups.length, faults);
}

/** Of e-mails a part can be taken only where some were sent; the suite of the journeys has no mail server. Their counts are asked. */
const needsMail = /rate\(email_notifications_sent.+> 0\)$/;

/** Asked as a panel asks, over the whole run; what only a cluster or a mail server brings about is told, not asked. */
async function checkExpressions(server: PrometheusServer, began: number, { stateDir, steps }: OpsContext): Promise<Verdict> {
  const now = Date.now() / 1000;
  const all = listExpressions(`${Math.ceil(now - began)}s`);
  const [asked, notAsked] = [true, false].map((isHere) => all.filter(({ isOfCluster, expr }) => (isOfCluster || needsMail.test(expr)) !== isHere)) as [Expression[], Expression[]];
  const faults: string[] = [];
  const seen: object[] = [];
  for (const expression of asked) {
    const series = await server.queryRange(expression.expr, began, now, stepSeconds);
    const fault = faultOfAnswer(expression, series);
    if (fault) faults.push(`${expression.where}: ${fault}: ${expression.expr}`);
    seen.push({ where: expression.where, unit: expression.unit, series: series.slice(0, 4).map(({ metric, values }) => ({ metric, most: Math.max(...values.map(([, value]) => Number(value)).filter((value) => !Number.isNaN(value))) })), of: series.length });
  }
  writeFileSync(join(stateDir, 'answers.json'), JSON.stringify({ answers: seen, notAsked: notAsked.map(({ where }) => where) }, null, 1));
  steps.print(`  ${asked.length} expressions asked; not asked, for want of a cluster or a mail server: ${notAsked.map(({ where }) => where).join('; ')}`);
  return toVerdict(asked.length, faults);
}

/** A point on a graph leads to a trace: histograms carry the id of one. */
async function checkExemplars({ get }: PrometheusServer, began: number): Promise<Verdict> {
  const faults: string[] = [];
  const traced = ['api_request', 'grpc_server', 'task', 'event_handling'].map((name) => `${name}_duration_seconds_bucket`);
  for (const query of traced) {
    const found = await get<{ exemplars: { labels: Record<string, string> }[] }[]>('query_exemplars', { query, start: String(began), end: String(Date.now() / 1000) });
    const ids = found.flatMap(({ exemplars }) => exemplars).map(({ labels }) => labels['trace_id'] ?? '');
    if (!ids.some((id) => /^[0-9a-f]{32}$/.test(id))) faults.push(`${query} carries no trace`);
  }
  return toVerdict(traced.length, faults);
}

const toVerdict = (count: number, faults: string[]): Verdict => ({ passed: count - faults.length, failed: faults.length, words: faults.join('\n') });
