/**
 * `npm run test:suite`: keeps a suite for the journeys up, so that single files run against it again and again.
 * Without words it starts the suite, which stays until Ctrl-C; with words it runs, from another terminal, the journeys
 * whose path holds one of them.
 */
import { runJest } from './checks.ts';
import { main, readOptions } from './command-line.ts';
import { readJourneyEnv, startJourneySuite } from './journeys.ts';
import { clearState, runSession } from './session.ts';
import { createSteps } from './steps.ts';
import { build } from './turbo.ts';
import { wipe } from './wipe.ts';

await main(async () => {
  const { positionals, stateDir } = readOptions({}, undefined, '.mediai/journeys');
  if (positionals.length > 0) {
    const { signal } = new AbortController();
    const verdict = await runJest('e2e', ['--verbose', ...positionals], { env: readJourneyEnv(stateDir, process.env), signal, onLine: (line) => console.log(line) });
    return verdict.failed === 0 ? 0 : 1;
  }
  const steps = createSteps();
  await clearState([stateDir], () => wipe(stateDir, process.env));
  return runSession(stateDir, async (session) => {
    await steps.run('build', () => build(['generate', 'build'], { env: process.env, signal: session.signal }));
    const env = await startJourneySuite(session, steps, process.env, 'volatile');
    console.log(`\nThe suite for the journeys is up on ${env.E2E_GATEWAY_URL}.\n  npm run test:suite -- permissions   in another terminal: runs the journeys whose path holds this word\n  Ctrl-C ends it\n`);
    await session.untilAsked();
    return 0;
  });
});
