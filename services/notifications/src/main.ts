import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, readVersion } from '@mediai/kit/config';
import { readTls, serve } from '@mediai/kit/grpc';
import { startInternalServer } from '@mediai/kit/health';
import { createLogger, type Logger } from '@mediai/kit/log';
import { runUntilSignal } from '@mediai/kit/shutdown';
import { startTelemetry } from '@mediai/kit/telemetry';
import { loadConfig, type Config } from './config.ts';
import { createDeps, createInstrumentations } from './deps.ts';
import { createNotificationsMetrics } from './metrics.ts';
import { createRpc, publicMethods } from './rpc.ts';

const retryMs = 1_000;
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
  const telemetry = await startTelemetry({ service: 'notifications', version, config, instrumentations: createInstrumentations() });
  const metrics = createNotificationsMetrics(version);
  const tls = readTls(config, { log, metrics });
  const deps = createDeps({ config, log, metrics, tls });
  let ready = false;

  const server = await serve({ services: createRpc(deps.useCases, deps.checks), host: config.GRPC_HOST, port: config.GRPC_PORT, verify: deps.verify, publicMethods, tls, log, metrics });
  const { database } = deps.checks;
  const internal = await startInternalServer({ host: config.INTERNAL_HOST, port: config.INTERNAL_PORT, metrics, checks: { database }, isReady: () => ready });

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

  await databaseUp(database, log);
  deps.start();
  ready = true;
  server.setReady(true);
  log.info({ port: server.port, mode: config.MEDIAI_MODE }, 'notifications is ready');
}

/** Waits for the database as long as it takes: it may come up after this process. */
async function databaseUp(check: () => Promise<unknown>, log: Logger): Promise<void> {
  for (;;) {
    try {
      await check();
      return;
    } catch (err) {
      log.warn({ err, delay_ms: retryMs }, 'the database is away, trying again');
      await sleep(retryMs);
    }
  }
}
