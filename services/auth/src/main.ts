import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, readVersion } from '@mediai/kit/config';
import { AppError } from '@mediai/kit/errors';
import { readTls, serve } from '@mediai/kit/grpc';
import { createReadiness, startInternalServer } from '@mediai/kit/health';
import { createLogger, type Logger } from '@mediai/kit/log';
import { runUntilSignal } from '@mediai/kit/shutdown';
import { startTelemetry } from '@mediai/kit/telemetry';
import { loadConfig, type Config } from './config.ts';
import { createDeps, type Deps } from './deps.ts';
import { createAuthMetrics } from './metrics.ts';
import { createRpc, publicMethods } from './rpc.ts';

const retryMs = 1_000;
const upkeepEveryMs = 60 * 60_000;
const drainMs = 15_000;

try {
  await start(loadConfig(process.env));
} catch (error) {
  // These are our own constant texts about configuration and start; anything else keeps its words for itself.
  process.stderr.write(`auth: ${error instanceof ConfigError || error?.constructor === Error ? (error as Error).message : `cannot start (${(error as Error)?.name})`}\n`);
  process.exit(1);
}

async function start(config: Config): Promise<void> {
  const log = createLogger({ service: 'auth', level: config.LOG_LEVEL });
  const version = readVersion(import.meta.url);
  const telemetry = await startTelemetry({ service: 'auth', version, config });
  const metrics = createAuthMetrics(version);
  const tls = readTls(config, { log, metrics });
  const deps = await createDeps({ config, log, metrics, tls });
  const readiness = createReadiness({ checks: deps.checks, log });

  const server = await serve({ services: createRpc(deps.useCases, deps.checks), host: config.GRPC_HOST, port: config.GRPC_PORT, verify: deps.verify, publicMethods, tls, log, metrics });
  const internal = await startInternalServer({
    host: config.INTERNAL_HOST, port: config.INTERNAL_PORT, metrics, checks: deps.checks, isReady: readiness.isReady,
  });
  const upkeeping = setInterval(() => void upkeep(deps, log, metrics), upkeepEveryMs);

  runUntilSignal({
    log,
    async close() {
      readiness.end();
      clearInterval(upkeeping);
      await server.close(drainMs);
      await deps.close();
      await internal.close();
      await telemetry.shutdown();
    },
  });

  await readiness.untilUp();
  await prepare(deps, log);
  deps.startWork();
  readiness.begin(server.setReady);
  log.info({ port: server.port, mode: config.MEDIAI_MODE }, 'auth is ready');
  await upkeep(deps, log, metrics);
}

/** The database may go away again in between. */
async function prepare(deps: Deps, log: Logger): Promise<void> {
  for (;;) {
    try {
      return await deps.prepare();
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'unavailable') throw error;
      log.warn({ err: error, delay_ms: retryMs }, 'the database is away, trying again');
      await sleep(retryMs);
    }
  }
}

/** What is due once an hour, on every replica: each part of it is done by one. */
async function upkeep(deps: Deps, log: Logger, metrics: ReturnType<typeof createAuthMetrics>): Promise<void> {
  try {
    if (await metrics.task('rotate_keys', deps.rotateKeysWhenDue)) log.info('a new signing key is published');
    const count = await metrics.task('purge_sessions', deps.purge);
    log.info({ count }, 'expired sessions purged');
  } catch (err) {
    log.warn({ err }, 'upkeep failed, the next one comes in an hour');
  }
}
