import { ConfigError, readVersion } from '@mediai/kit/config';
import { readTls, serve } from '@mediai/kit/grpc';
import { createReadiness, startInternalServer } from '@mediai/kit/health';
import { createLogger } from '@mediai/kit/log';
import { runUntilSignal } from '@mediai/kit/shutdown';
import { startTelemetry } from '@mediai/kit/telemetry';
import { loadConfig, type Config } from './config.ts';
import { createDeps } from './deps.ts';
import { createNotificationsMetrics } from './metrics.ts';
import { createRpc, publicMethods } from './rpc.ts';

const drainMs = 10_000;

try {
  await start(loadConfig(process.env));
} catch (error) {
  // Only a ConfigError's words are ours and constant; anything else keeps its own to itself.
  process.stderr.write(`notifications: ${error instanceof ConfigError ? error.message : `cannot start (${(error as Error)?.name} ${(error as { code?: string })?.code ?? ''})`}\n`);
  process.exit(1);
}

async function start(config: Config): Promise<void> {
  const log = createLogger({ service: 'notifications', level: config.LOG_LEVEL });
  const version = readVersion(import.meta.url);
  const telemetry = await startTelemetry({ service: 'notifications', version, config });
  const metrics = createNotificationsMetrics(version);
  const tls = readTls(config, { log, metrics });
  const deps = createDeps({ config, log, metrics, tls });
  const readiness = createReadiness({ checks: deps.checks, log });

  const server = await serve({ services: createRpc(deps.useCases, deps.checks), host: config.GRPC_HOST, port: config.GRPC_PORT, verify: deps.verify, publicMethods, tls, log, metrics });
  const internal = await startInternalServer({ host: config.INTERNAL_HOST, port: config.INTERNAL_PORT, metrics, checks: deps.checks, isReady: readiness.isReady });

  runUntilSignal({
    log,
    async close() {
      readiness.end();
      await server.close(drainMs);
      await deps.close();
      await internal.close();
      await telemetry.shutdown();
    },
  });

  await readiness.untilUp();
  deps.start();
  readiness.begin(server.setReady);
  log.info({ port: server.port, mode: config.MEDIAI_MODE }, 'notifications is ready');
}
