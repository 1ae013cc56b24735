/** `npm run bench -- lists`: runs measurements of `bench/src`, on parts of their own; without words all of them. */
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { main, readOptions } from './command-line.ts';
import { Failure } from './failure.ts';
import { testEnv } from './journeys.ts';
import { ensureParts } from './parts/index.ts';
import { root, statePaths } from './paths.ts';
import { createPorts } from './ports.ts';
import { createProcesses } from './processes.ts';
import { createSecrets } from './secrets.ts';
import { clearState, runSession } from './session.ts';
import { createSteps } from './steps.ts';
import { build, runTool } from './turbo.ts';
import { wipe } from './wipe.ts';

await main(async () => {
  const { positionals, stateDir } = readOptions({}, undefined, '.mediai/bench');
  const known = globSync('bench/src/*.bench.ts', { cwd: root }).map((file) => basename(file, '.bench.ts')).toSorted();
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Failure(`No such measurement: ${unknown.join(', ')}; known are ${known.join(', ')}.`);
  const steps = createSteps();
  await clearState([stateDir], () => wipe(stateDir, process.env));
  return runSession(stateDir, async (session) => {
    await steps.run('build', () => build(['generate', 'build'], { env: process.env, signal: session.signal }));
    const paths = statePaths(stateDir);
    const parts = await ensureParts({ stateDir, env: testEnv(process.env), log: () => {}, ports: createPorts(paths.ports), processes: createProcesses(paths, session.signal), durability: 'volatile', secret: createSecrets(paths.secrets) });
    session.onEnd(parts.stop);
    const env = { ...testEnv(process.env), NODE_ENV: 'production', TEST_POSTGRES_URL: parts.postgres.url, TEST_KAFKA_BROKERS: parts.kafka.url, TEST_REDIS_URL: parts.redis.url };
    let failed = 0;
    for (const name of positionals.length > 0 ? positionals : known) {
      const { code } = await runTool(process.execPath, ['--conditions=@mediai/source', '--expose-gc', '--disable-warning=ExperimentalWarning', join('bench/src', `${name}.bench.ts`)], { env, signal: session.signal, onLine: (line) => console.log(line) });
      failed += code === 0 ? 0 : 1;
    }
    return failed > 0 ? 1 : 0;
  });
});
