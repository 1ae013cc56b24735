/** `npm run parts`: PostgreSQL, Redis and Kafka alone, for tests by hand. `--detach` leaves them running, `npm run stop -- --state-dir …` ends them. */
import { main, readOptions } from './command-line.ts';
import { writeJson } from './json-file.ts';
import { ensureParts } from './parts/index.ts';
import type { PartContext } from './parts/part.ts';
import { statePaths } from './paths.ts';
import { createPorts } from './ports.ts';
import { createProcesses } from './processes.ts';
import { createSecrets } from './secrets.ts';
import { detach, runSession } from './session.ts';

await main(async () => {
  const { values, stateDir } = readOptions({ detach: { type: 'boolean' }, docker: { type: 'boolean' } }, undefined, '.mediai/parts');
  if (values.detach) return detach(stateDir);
  return runSession(stateDir, async (session) => {
    const paths = statePaths(stateDir);
    const context: PartContext = {
      stateDir,
      env: process.env,
      log: (line) => console.error(`  ${line}`),
      ports: createPorts(paths.ports),
      processes: createProcesses(paths, session.signal),
      durability: 'volatile',
      secret: createSecrets(paths.secrets),
      preferDocker: values.docker ?? false,
    };
    const began = Date.now();
    const parts = await ensureParts(context, (part) => console.error(`  ${((Date.now() - began) / 1000).toFixed(1)} s  ${part.detail}`));
    session.onEnd(parts.stop);
    console.log(`export TEST_POSTGRES_URL=${parts.postgres.url}`);
    console.log(`export TEST_KAFKA_BROKERS=${parts.kafka.url}`);
    console.log(`export TEST_REDIS_URL=${parts.redis.url}`);
    writeJson(paths.ready, { pid: process.pid });
    await session.untilAsked();
    return 0;
  });
});
