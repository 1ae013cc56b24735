/** `npm run test:faults`: the long faults (`e2e/src/*.faults.ts`) against a suite of its own, outside `npm test`. */
import { build } from './turbo.ts';
import { main, readOptions } from './command-line.ts';
import { runJourneys } from './journeys.ts';
import { clearState, runSession } from './session.ts';
import { createSteps } from './steps.ts';
import { summary } from './summary.ts';
import { wipe } from './wipe.ts';
import { join } from 'node:path';

await main(async () => {
  const { stateDir } = readOptions({}, undefined, '.mediai/faults');
  const steps = createSteps();
  const suiteDir = join(stateDir, 'suite');
  await clearState([suiteDir, stateDir], () => wipe(stateDir, process.env));
  const began = Date.now();
  return runSession(stateDir, async (session) => {
    await steps.run('build', () => build(['generate', 'build'], { env: process.env, signal: session.signal }));
    const verdict = await runJourneys(suiteDir, ['--testMatch', '**/src/**/*.faults.ts'], steps, { env: process.env, signal: session.signal }, 'durable');
    session.signal.throwIfAborted();
    if (verdict.failed > 0) console.log(verdict.words);
    console.log(summary([{ name: 'faults', ms: Date.now() - began, ...verdict }], Date.now() - began));
    return verdict.failed > 0 ? 1 : 0;
  });
});
