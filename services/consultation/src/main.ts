import { ConfigError, readVersion } from '@mediai/kit/config';
import { readTls, serve } from '@mediai/kit/grpc';
import { startInternalServer } from '@mediai/kit/health';
import { createLogger } from '@mediai/kit/log';
import { runUntilSignal } from '@mediai/kit/shutdown';
import { startTelemetry } from '@mediai/kit/telemetry';
import { loadConfig, type Config } from './config.ts';
import { createDeps, createInstrumentations } from './deps.ts';
import { createConsultationMetrics } from './metrics.ts';
import { createRpc, publicMethods } from './rpc.ts';

const drainMs = 15_000;

try {
  await start(loadConfig(process.env));
} catch (error) {
  // A ConfigError's text is ours; anything else keeps its words for itself.
  process.stderr.write(`consultation: ${error instanceof ConfigError ? error.message : `cannot start (${(error as NodeJS.ErrnoException)?.code ?? (error as Error)?.name})`}\n`);
  process.exit(1);
}

async function start(config: Config): Promise<void> {
  const log = createLogger({ service: 'consultation', level: config.LOG_LEVEL });
  const version = readVersion(import.meta.url);
  const telemetry = await startTelemetry({ service: 'consultation', version, config, instrumentations: createInstrumentations() });
  const metrics = createConsultationMetrics(version);
  const tls = readTls(config, { log, metrics });
  const deps = createDeps({ config, log, metrics, tls });
  let ready = true;

  const server = await serve({ services: createRpc(deps.useCases, deps.checks), host: config.GRPC_HOST, port: config.GRPC_PORT, verify: deps.verify, publicMethods, tls, log, metrics });
  const internal = await startInternalServer({
    host: config.INTERNAL_HOST, port: config.INTERNAL_PORT, metrics, checks: deps.checks, isReady: () => ready,
  });
  deps.start();
  server.setReady(true);
  log.info({ port: server.port, mode: config.MEDIAI_MODE }, 'consultation is ready');

  runUntilSignal({
    log,
    async close() {
      ready = false;
      await server.close(drainMs);
      await deps.close();
      await internal.close();
      await telemetry.shutdown();
    },
  });
}
