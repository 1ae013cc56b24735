import { ConfigError, readVersion } from '@mediai/kit/config';
import { readTls, serve } from '@mediai/kit/grpc';
import { createReadiness, startInternalServer } from '@mediai/kit/health';
import { createLogger } from '@mediai/kit/log';
import { runUntilSignal } from '@mediai/kit/shutdown';
import { startTelemetry } from '@mediai/kit/telemetry';
import { loadConfig, type Config } from './config.ts';
import { createDeps } from './deps.ts';
import { createIaMetrics } from './metrics.ts';
import { createRpc, publicMethods } from './rpc.ts';

const drainMs = 8_000;
const analyseGraceMs = 8_000;

try {
  await start(loadConfig(process.env));
} catch (error) {
  // Our own constant texts about configuration and start; anything else keeps its words for itself.
  process.stderr.write(`ia: ${error instanceof ConfigError || error?.constructor === Error ? (error as Error).message : `cannot start (${(error as Error)?.name})`}\n`);
  process.exit(1);
}

async function start(config: Config): Promise<void> {
  const log = createLogger({ service: 'ia', level: config.LOG_LEVEL });
  const version = readVersion(import.meta.url);
  const telemetry = await startTelemetry({ service: 'ia', version, config });
  const metrics = createIaMetrics(version);
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
      await deps.close(analyseGraceMs);
      await internal.close();
      await telemetry.shutdown();
    },
  });

  await readiness.untilUp();
  deps.start();
  readiness.begin(server.setReady);
  log.info({ port: server.port, mode: config.MEDIAI_MODE }, 'ia is ready');
}
