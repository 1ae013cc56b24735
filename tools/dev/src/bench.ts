/**
 * `npm run bench -- lists`: runs measurements of `bench/src`, on parts of their own (`capacity`: on a whole suite); without
 * words all of them. `--write-docs` puts what `capacity` measures into docs/exploitation.md.
 */
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { main, readOptions } from './command-line.ts';
import { Failure } from './failure.ts';
import { startJourneySuite, testEnv } from './journeys.ts';
import { ensureParts } from './parts/index.ts';
import { root, statePaths, type Env } from './paths.ts';
import { createPorts } from './ports.ts';
import { createProcesses } from './processes.ts';
import { createSecrets } from './secrets.ts';
import { clearState, runSession, type Session } from './session.ts';
import { createSteps } from './steps.ts';
import { build, runTool } from './turbo.ts';
import { wipe } from './wipe.ts';

/** Those that ask a started suite, as people do; the others have the parts alone. */
const onSuite = ['capacity'];

await main(async () => {
  const { values, positionals, stateDir } = readOptions({ 'write-docs': { type: 'boolean' } }, undefined, '.mediai/bench');
  const known = globSync('bench/src/*.bench.ts', { cwd: root }).map((file) => basename(file, '.bench.ts')).toSorted();
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Failure(`No such measurement: ${unknown.join(', ')}; known are ${known.join(', ')}.`);
  const wanted = positionals.length > 0 ? positionals : known;
  const steps = createSteps();
  const [partsDir, suiteDir] = [join(stateDir, 'parts'), join(stateDir, 'suite')];
  await clearState([partsDir, suiteDir, stateDir], () => wipe(stateDir, process.env));
  return runSession(stateDir, async ({ signal }) => {
    await steps.run('build', () => build(['generate', 'build'], { env: process.env, signal }));
    const own = { ...testEnv(process.env), NODE_ENV: 'production', ...(values['write-docs'] ? { BENCH_WRITE_DOCS: '1' } : {}) };
    /** Returns how many failed. */
    const run = async (names: string[], env: Env): Promise<number> => {
      let failed = 0;
      for (const name of names) {
        const { code } = await runTool(process.execPath, ['--conditions=@mediai/source', '--expose-gc', '--disable-warning=ExperimentalWarning', join('bench/src', `${name}.bench.ts`)], { env, signal, onLine: (line) => console.log(line) });
        failed += code === 0 ? 0 : 1;
      }
      return failed;
    };
    const alone = wanted.filter((name) => !onSuite.includes(name));
    const together = wanted.filter((name) => onSuite.includes(name));
    const failedAlone = alone.length === 0 ? 0 : await runSession(partsDir, async (session) => run(alone, await startParts(session, own)));
    const failedTogether = together.length === 0 ? 0 : await runSession(suiteDir, async (session) => run(together, await startJourneySuite(session, steps, own, 'durable')));
    return failedAlone + failedTogether > 0 ? 1 : 0;
  });
});

async function startParts(session: Session, env: Env): Promise<Env> {
  const paths = statePaths(session.stateDir);
  const parts = await ensureParts({ stateDir: session.stateDir, env, log: () => {}, ports: createPorts(paths.ports), processes: createProcesses(paths, session.signal), durability: 'volatile', secret: createSecrets(paths.secrets) });
  session.onEnd(parts.stop);
  return { ...env, TEST_POSTGRES_URL: parts.postgres.url, TEST_KAFKA_BROKERS: parts.kafka.url, TEST_REDIS_URL: parts.redis.url };
}
