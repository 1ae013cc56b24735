/** `npm test`: every check, in order, on parts, ports and directories of its own. `--only unit,e2e`, `--filter <workspace>`. */
import { join } from 'node:path';
import { checkArrows, checkBufLint, checkBuild, checkContracts, checkGenerated, checkLint, checkMigrations, checkTypes, checkUnits, merge } from './checks.ts';
import type { CheckContext, Verdict } from './checks.ts';
import { main, readOptions } from './command-line.ts';
import { Failure, sentenceOf } from './failure.ts';
import { runJourneys, testEnv } from './journeys.ts';
import { ensureParts } from './parts/index.ts';
import { redisRemedy } from './parts/redis.ts';
import { statePaths } from './paths.ts';
import { createPorts } from './ports.ts';
import { createProcesses } from './processes.ts';
import { createSecrets } from './secrets.ts';
import { clearState, runSession } from './session.ts';
import { createSteps } from './steps.ts';
import { summary } from './summary.ts';
import type { Row } from './summary.ts';
import { wipe } from './wipe.ts';

await main(async () => {
  const { values, stateDir } = readOptions({ only: { type: 'string' }, filter: { type: 'string' } }, undefined, '.mediai/test');
  const steps = createSteps();
  const unitDir = join(stateDir, 'unit');
  const journeyDir = join(stateDir, 'e2e');
  const checks: Record<string, (context: CheckContext) => Promise<Verdict>> = {
    generated: checkGenerated,
    'buf-lint': checkBufLint,
    contracts: checkContracts,
    types: checkTypes,
    lint: checkLint,
    arrows: checkArrows,
    unit: (context) => withParts(unitDir, context, async (withUrls) => merge([...(values.filter ? [] : [await checkMigrations(withUrls)]), await checkUnits(withUrls)])),
    build: checkBuild,
    e2e: (context) => runJourneys(journeyDir, [], steps, context),
  };
  const wanted = choose(Object.keys(checks), values.only);
  // Journeys run what is built, whatever else was left out.
  if (wanted.includes('e2e') && !wanted.includes('build')) wanted.splice(wanted.indexOf('e2e'), 0, 'build');
  await clearState([unitDir, journeyDir, stateDir], () => wipe(stateDir, process.env));

  const began = Date.now();
  const rows: Row[] = [];
  const code = await runSession(stateDir, async (session) => {
    const context: CheckContext = { env: process.env, signal: session.signal, filter: values.filter };
    for (const name of wanted) {
      const start = Date.now();
      const verdict = await steps.run(name, async () => checks[name]!(context).catch((error): Verdict => ({ passed: 0, failed: 1, words: sentenceOf(error, stateDir) })), ({ failed }) => failed === 0);
      session.signal.throwIfAborted();
      if (verdict.failed > 0) steps.print(`\n── ${name} ──\n${verdict.words}\n`);
      rows.push({ name, ms: Date.now() - start, ...verdict });
    }
    return rows.some((row) => row.failed > 0) ? 1 : 0;
  });
  if (code !== 130) console.log(summary(rows, Date.now() - began));
  return code;
});

function choose(known: string[], only: string | undefined): string[] {
  if (!only) return known;
  const asked = only.split(',');
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Failure(`No such check: ${unknown.join(', ')}; known are ${known.join(', ')}.`);
  return known.filter((name) => asked.includes(name));
}

/** Brings parts up for the time of a check: its own, or those of TEST_POSTGRES_URL, TEST_REDIS_URL, TEST_KAFKA_BROKERS. */
async function withParts(stateDir: string, context: CheckContext, check: (context: CheckContext) => Promise<Verdict>): Promise<Verdict> {
  let verdict: Verdict = { passed: 0, failed: 1, words: 'The parts for the tests did not start (its reason stands above).' };
  await runSession(stateDir, async (session) => {
    const paths = statePaths(stateDir);
    const { TEST_POSTGRES_URL, TEST_REDIS_URL, TEST_KAFKA_BROKERS } = context.env;
    const parts = await ensureParts({
      stateDir,
      env: { ...context.env, POSTGRES_URL: TEST_POSTGRES_URL, REDIS_URL: TEST_REDIS_URL, KAFKA_BROKERS: TEST_KAFKA_BROKERS },
      log: () => {},
      ports: createPorts(paths.ports),
      processes: createProcesses(paths, session.signal),
      durability: 'volatile',
      secret: createSecrets(paths.secrets),
    });
    session.onEnd(parts.stop);
    if (parts.redis.origin === 'none') throw new Failure(redisRemedy);
    const env = { ...testEnv(context.env), TEST_POSTGRES_URL: parts.postgres.url, TEST_REDIS_URL: parts.redis.url, TEST_KAFKA_BROKERS: parts.kafka.url };
    verdict = await check({ ...context, env });
    return 0;
  });
  return verdict;
}
