import { join } from 'node:path';
import { bringUp } from './bring-up.ts';
import { runJest } from './checks.ts';
import type { CheckContext, Verdict } from './checks.ts';
import { startControl, stateOf } from './control.ts';
import { readJson, writeJson } from './json-file.ts';
import type { Env } from './paths.ts';
import type { PartContext } from './parts/part.ts';
import { redisRemedy } from './parts/redis.ts';
import { Failure } from './failure.ts';
import { findSupervisor, runSession } from './session.ts';
import type { ServicePrograms } from './service-programs.ts';
import type { Session } from './session.ts';
import type { Steps } from './steps.ts';

/** The environment of tests: the parts of a suite that the person runs are left alone. */
export function testEnv(env: Env): Env {
  return { ...env, POSTGRES_URL: undefined, REDIS_URL: undefined, KAFKA_BROKERS: undefined, MEDIAI_DEMO_PASSWORD: undefined };
}

/** What the journeys are told of the suite that they travel through. */
function journeyEnv(env: Env, { gatewayUrl, sandboxUrl, parts }: ReturnType<typeof stateOf>, controlUrl: string, controlFile: string): Env {
  return {
    ...env,
    E2E_GATEWAY_URL: gatewayUrl,
    E2E_SANDBOX_URL: sandboxUrl,
    E2E_CONTROL_URL: controlUrl,
    E2E_CONTROL: controlFile,
    TEST_POSTGRES_URL: parts.postgres?.url,
    TEST_KAFKA_BROKERS: parts.kafka?.url,
    TEST_REDIS_URL: parts.redis?.url,
  };
}

const controlFileOf = (stateDir: string): string => join(stateDir, 'control.json');

/**
 * Starts a whole suite of its own (fresh data, own ports, sandbox, control server) for journeys; it ends with the session.
 * @returns the environment in which jest runs journeys against it, which `readJourneyEnv` reads as well
 */
export async function startJourneySuite(session: Session, steps: Steps, env: Env, durability: PartContext['durability'], programs?: ServicePrograms): Promise<Env> {
  const own = testEnv(env);
  const suite = await bringUp(session, steps, { mode: 'test', env: own, durability, isBuilt: true, programs, onLine: () => {} });
  if (suite.parts.redis.origin === 'none') throw new Failure(redisRemedy);
  const control = await startControl(suite);
  session.onEnd(control.close);
  const controlFile = controlFileOf(session.stateDir);
  writeJson(controlFile, { controlUrl: control.url, ...stateOf(suite) });
  return journeyEnv(own, stateOf(suite), control.url, controlFile);
}

/** The environment for journeys against the suite that another process keeps up in a state directory; throws a Failure where none runs. */
export function readJourneyEnv(stateDir: string, env: Env): Env {
  const state = findSupervisor(stateDir) && readJson<(ReturnType<typeof stateOf> & { controlUrl: string }) | undefined>(controlFileOf(stateDir), undefined);
  if (!state) throw new Failure('No suite for the journeys is up: "npm run test:suite" starts one, in a terminal of its own.');
  return journeyEnv(testEnv(env), state, state.controlUrl, controlFileOf(stateDir));
}

/**
 * Starts a suite for the time of some journeys.
 * @param stateDir a directory to itself; its logs stay there afterwards
 * @param args jest's own
 * @param durability `durable` where a part is killed: what it acknowledged must then still be there
 * @param programs what the services run from, where it is not the checkout's own build
 */
export async function runJourneys(stateDir: string, args: string[], steps: Steps, context: CheckContext, durability: PartContext['durability'] = 'volatile', programs?: ServicePrograms): Promise<Verdict> {
  let verdict: Verdict = { passed: 0, failed: 1, words: 'The suite for the journeys did not start.' };
  await runSession(stateDir, async (session) => {
    const env = await startJourneySuite(session, steps, context.env, durability, programs);
    verdict = await runJest('e2e', args, { ...context, env });
    return verdict.failed === 0 ? 0 : 1;
  });
  return verdict;
}
