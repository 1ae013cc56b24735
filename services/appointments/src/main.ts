import { ConfigError, readVersion } from '@mediai/kit/config';
import { readTls, serve } from '@mediai/kit/grpc';
import { createReadiness, startInternalServer } from '@mediai/kit/health';
import { createLogger, type Logger } from '@mediai/kit/log';
import { runUntilSignal } from '@mediai/kit/shutdown';
import { startTelemetry } from '@mediai/kit/telemetry';
import { loadConfig, type Config } from './config.ts';
import { createDeps, type Deps } from './deps.ts';
import { createAppointmentsMetrics, type AppointmentsMetrics } from './metrics.ts';
import { createRpc, publicMethods } from './rpc.ts';

const drainMs = 15_000;
const pruneEveryMs = 60 * 60_000;

try {
  await start(loadConfig(process.env));
} catch (error) {
  // These are our own constant texts about configuration and start; anything else keeps its words for itself.
  process.stderr.write(`appointments: ${error instanceof ConfigError || error?.constructor === Error ? (error as Error).message : `cannot start (${(error as Error)?.name})`}\n`);
  process.exit(1);
}

async function start(config: Config): Promise<void> {
  const log = createLogger({ service: 'appointments', level: config.LOG_LEVEL });
  const version = readVersion(import.meta.url);
  const telemetry = await startTelemetry({ service: 'appointments', version, config });
  const metrics = createAppointmentsMetrics(version);
  const tls = readTls(config, { log, metrics });
  const deps = createDeps({ config, log, metrics, tls });
  const readiness = createReadiness({ checks: deps.checks, log });

  const server = await serve({ services: createRpc(deps.useCases, deps.checks), host: config.GRPC_HOST, port: config.GRPC_PORT, verify: deps.verify, publicMethods, tls, log, metrics });
  const internal = await startInternalServer({
    host: config.INTERNAL_HOST, port: config.INTERNAL_PORT, metrics, checks: deps.checks, isReady: readiness.isReady,
  });
  const pruning = setInterval(() => void prune(deps, log, metrics), pruneEveryMs);

  runUntilSignal({
    log,
    async close() {
      readiness.end();
      clearInterval(pruning);
      await server.close(drainMs);
      await deps.close();
      await internal.close();
      await telemetry.shutdown();
    },
  });

  await readiness.untilUp();
  deps.startWork();
  readiness.begin(server.setReady);
  log.info({ port: server.port, mode: config.MEDIAI_MODE }, 'appointments is ready');
}

async function prune(deps: Deps, log: Logger, metrics: AppointmentsMetrics): Promise<void> {
  try {
    const count = await metrics.task('prune_idempotence', deps.prune);
    log.info({ count }, 'old idempotency keys pruned');
  } catch (err) {
    log.warn({ err }, 'pruning failed, the next one comes in an hour');
  }
}
