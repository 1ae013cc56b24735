/** `npm start`: the whole suite, for demonstration and development, supervised until Ctrl-C or `npm run stop`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { banner } from './banner.ts';
import { assertComplete, bringUp, createPrefixer } from './bring-up.ts';
import type { Suite } from './bring-up.ts';
import { main, readOptions } from './command-line.ts';
import { Failure } from './failure.ts';
import { writeJson } from './json-file.ts';
import { root, statePaths } from './paths.ts';
import { backOffMs } from './service-process.ts';
import { startTimeOf } from './processes.ts';
import { detach, runSession } from './session.ts';
import type { Session } from './session.ts';
import { createSteps, seconds } from './steps.ts';
import type { Steps } from './steps.ts';

const usualPort = '8000';

await main(async () => {
  const { values, stateDir } = readOptions({
    quiet: { type: 'boolean' },
    detach: { type: 'boolean' },
    docker: { type: 'boolean' },
    port: { type: 'string', default: usualPort },
    'supervise-parts': { type: 'boolean' },
  });
  const gatewayPort = Number(values.port);
  if (!Number.isInteger(gatewayPort) || gatewayPort < 1 || gatewayPort > 65_535) throw new Failure(`--port must be a port, not "${values.port}".`);
  assertComplete();
  if (values.detach) return detach(stateDir);
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
  const began = Date.now();
  return runSession(stateDir, async (session) => {
    const steps = createSteps();
    const prefix = createPrefixer(process.stdout);
    let isReady = false;
    const suite = await bringUp(session, steps, {
      mode: 'demo',
      env: process.env,
      durability: 'durable',
      gatewayPort,
      preferDocker: values.docker ?? false,
      onLine: (name, line) => isReady && !values.quiet && prefix(name, line),
    });
    console.log(banner(suite, stateDir, seconds(Date.now() - began)));
    writeJson(statePaths(stateDir).ready, { pid: process.pid });
    isReady = true;
    void watchParts(suite, session, steps, values['supervise-parts'] ?? false);
    await session.untilAsked();
    console.log('\nStopping…');
    session.onEnd(async () => console.log('✓ Stopped.'));
    return 0;
  });
});

/** Tells when a part of ours has ended; brings it back, with back-off, only where that was asked for. */
async function watchParts(suite: Suite, session: Session, steps: Steps, bringBack: boolean): Promise<void> {
  const told = new Set<string>();
  let failures = 0;
  while (!session.signal.aborted) {
    await sleep(2000, undefined, { ref: false });
    for (const part of [suite.parts.postgres, suite.parts.redis, suite.parts.kafka]) {
      const pid = part.pid();
      if (pid === undefined || startTimeOf(pid) !== undefined || session.signal.aborted) continue;
      if (!told.has(part.name)) steps.print(`! ${part.name} has ended${bringBack ? '' : ': Ctrl-C and "npm start" bring it back (or start with --supervise-parts)'}`);
      told.add(part.name);
      if (!bringBack) continue;
      await sleep(backOffMs(failures), undefined, { ref: false });
      await part.start().then(
        () => (told.delete(part.name), (failures = 0), steps.print(`! ${part.name} is back`)),
        (error: Error) => ((failures += 1), steps.print(`! ${error.message}`)),
      );
    }
  }
}
