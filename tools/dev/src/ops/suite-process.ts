/** A durable suite in a process of its own, which a check can end with kill -9. Its state directory is kept from one start to the next. */
import { bringUp } from '../bring-up.ts';
import { main, readOptions } from '../command-line.ts';
import { stateOf } from '../control.ts';
import { testEnv } from '../journeys.ts';
import { writeJson } from '../json-file.ts';
import { statePaths } from '../paths.ts';
import { runSession } from '../session.ts';
import { createSteps } from '../steps.ts';

/** What `ready.json` says once the suite is up. */
export type SuiteState = ReturnType<typeof stateOf>;

if (import.meta.main) {
  await main(async () => {
    const { values, stateDir } = readOptions({ sandbox: { type: 'string' } });
    return runSession(stateDir, async (session) => {
      const suite = await bringUp(session, createSteps(), { mode: 'test', env: testEnv(process.env), durability: 'durable', isBuilt: true, sandboxUrl: values.sandbox, onLine: () => undefined });
      writeJson(statePaths(stateDir).ready, stateOf(suite));
      await session.untilAsked();
      return 0;
    });
  });
}
