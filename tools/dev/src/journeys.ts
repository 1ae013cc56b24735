import { join } from 'node:path';
import { bringUp } from './bring-up.ts';
import { runJest } from './checks.ts';
import type { CheckContext, Verdict } from './checks.ts';
import { startControl, stateOf } from './control.ts';
import { writeJson } from './json-file.ts';
import type { Env } from './paths.ts';
import type { PartContext } from './parts/part.ts';
import { redisRemedy } from './parts/redis.ts';
import { Failure } from './failure.ts';
import { runSession } from './session.ts';
import type { Steps } from './steps.ts';

/** The environment of tests: the parts of a suite that the person runs are left alone. */
export function testEnv(env: Env): Env {
  return { ...env, POSTGRES_URL: undefined, REDIS_URL: undefined, KAFKA_BROKERS: undefined, MEDIAI_DEMO_PASSWORD: undefined };
}

/**
 * Starts a whole suite of its own (fresh data, own ports, sandbox, control server) and runs journeys against it.
 * @param stateDir a directory to itself; its logs stay there afterwards
 * @param args jest's own
 * @param durability `durable` where a part is killed: what it acknowledged must then still be there
 */
export async function runJourneys(stateDir: string, args: string[], steps: Steps, context: CheckContext, durability: PartContext['durability'] = 'volatile'): Promise<Verdict> {
  let verdict: Verdict = { passed: 0, failed: 1, words: 'The suite for the journeys did not start.' };
  await runSession(stateDir, async (session) => {
    const env = testEnv(context.env);
    const suite = await bringUp(session, steps, { mode: 'test', env, durability, isBuilt: true, onLine: () => {} });
    if (suite.parts.redis.origin === 'none') throw new Failure(redisRemedy);
    const control = await startControl(suite);
    session.onEnd(control.close);
    const controlFile = join(stateDir, 'control.json');
    writeJson(controlFile, { controlUrl: control.url, ...stateOf(suite) });
    const { gatewayUrl, sandboxUrl } = stateOf(suite);
    const journeyEnv: Env = {
      ...env,
      E2E_GATEWAY_URL: gatewayUrl,
      E2E_SANDBOX_URL: sandboxUrl,
      E2E_CONTROL_URL: control.url,
      E2E_CONTROL: controlFile,
      TEST_POSTGRES_URL: suite.parts.postgres.url,
      TEST_KAFKA_BROKERS: suite.parts.kafka.url,
      TEST_REDIS_URL: suite.parts.redis.url,
    };
    verdict = await runJest('e2e', args, { ...context, env: journeyEnv });
    return verdict.failed === 0 ? 0 : 1;
  });
  return verdict;
}
