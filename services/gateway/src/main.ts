import { ConfigError, readVersion } from '@mediai/kit/config';
import { readTls } from '@mediai/kit/grpc';
import { startInternalServer } from '@mediai/kit/health';
import { createLogger } from '@mediai/kit/log';
import { runUntilSignal } from '@mediai/kit/shutdown';
import { startTelemetry } from '@mediai/kit/telemetry';
import { createApp } from './app.ts';
import { loadConfig, type Config } from './config.ts';
import { createDeps } from './deps.ts';
import { createGatewayMetrics } from './metrics.ts';

try {
  await start(loadConfig(process.env));
} catch (error) {
  // A ConfigError's text is ours; anything else keeps its words for itself.
  process.stderr.write(`gateway: ${error instanceof ConfigError ? error.message : `cannot start (${(error as NodeJS.ErrnoException)?.code ?? (error as Error)?.name})`}\n`);
  process.exit(1);
}

async function start(config: Config): Promise<void> {
  const log = createLogger({ service: 'gateway', level: config.LOG_LEVEL });
  const version = readVersion(import.meta.url);
  const telemetry = await startTelemetry({ service: 'gateway', version, config });
  const metrics = createGatewayMetrics(version);
  const deps = createDeps({ config, log, metrics, tls: readTls(config, { log, metrics }) });
  const app = await createApp({ config, deps, log, metrics });
  let ready = false;
  const internal = await startInternalServer({ host: config.INTERNAL_HOST, port: config.INTERNAL_PORT, metrics, checks: {}, isReady: () => ready });
  const host = config.MEDIAI_HOST ?? (config.MEDIAI_MODE === 'production' ? '0.0.0.0' : '127.0.0.1');
  await app.listen({ host, port: config.GATEWAY_PORT });
  ready = true;
  log.info({ address: host, port: config.GATEWAY_PORT }, 'ready');

  runUntilSignal({
    log,
    close: async () => {
      ready = false;
      await app.close();
      deps.close();
      await internal.close();
      await telemetry.shutdown();
    },
  });
}
