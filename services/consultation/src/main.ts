import { ConfigError, readVersion } from '@mediai/kit/config';
import type { AppError } from '@mediai/kit/errors';
import { readTls, serve } from '@mediai/kit/grpc';
import { createReadiness, startInternalServer } from '@mediai/kit/health';
import { createLogger, type Logger } from '@mediai/kit/log';
import { runUntilSignal } from '@mediai/kit/shutdown';
import { startTelemetry } from '@mediai/kit/telemetry';
import { loadConfig, type Config } from './config.ts';
import { createDeps } from './deps.ts';
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
  const telemetry = await startTelemetry({ service: 'consultation', version, config });
  const metrics = createConsultationMetrics(version);
  const tls = readTls(config, { log, metrics });
  const deps = createDeps({ config, log, metrics, tls });
  const readiness = createReadiness({ checks: deps.checks, log });

  const server = await serve({ services: createRpc(deps.useCases, deps.checks), host: config.GRPC_HOST, port: config.GRPC_PORT, verify: deps.verify, publicMethods, tls, log, metrics });
  const internal = await startInternalServer({
    host: config.INTERNAL_HOST, port: config.INTERNAL_PORT, metrics, checks: deps.checks, isReady: readiness.isReady,
  });
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
  await deps.claimFichiers((reason) => refuse(log, reason)).catch((error: AppError) => refuse(log, error));
  deps.start();
  readiness.begin(server.setReady);
  log.info({ port: server.port, mode: config.MEDIAI_MODE }, 'consultation is ready');
}

/** Ends at once: another replica writes the files that this one would not see, or the database went away before it could say. */
function refuse(log: Logger, reason: AppError): never {
  const told = reason.code === 'fichier.dossier_tenu' ? 'another replica holds the folder of files (CONSULTATION_FICHIERS_DIR): run one replica, or keep files in S3 (S3_BUCKET)' : 'the folder of files could not be claimed';
  log.fatal({ err: reason, code: reason.code }, told);
  process.exit(1);
}
