import type { Logger } from '../log/index.ts';

export type ShutdownOptions = {
  log: Logger;
  /** Readiness off, drain, commit, close: everything the service opened, in that order. */
  close: () => Promise<void>;
  /** Most time `close` may take before the process exits all the same; default 25 s. */
  graceMs?: number;
  /** The process; a test gives its own. */
  host?: Pick<NodeJS.Process, 'on' | 'exit'>;
};

/**
 * Ends the process well: SIGTERM or SIGINT runs `close` once and exits with 0, or with 1 when it fails or takes longer
 * than `graceMs`. A second signal exits at once. An uncaught error is logged, then closes the same way and exits with 1.
 */
export function runUntilSignal({ log, close, graceMs = 25_000, host = process }: ShutdownOptions): void {
  let closing = false;

  async function stop(exitCode: number): Promise<void> {
    if (closing) return host.exit(1);
    closing = true;
    const timer = setTimeout(() => {
      log.error({ duration_ms: graceMs }, 'close took too long, exiting');
      host.exit(1);
    }, graceMs);
    try {
      await close();
      log.info('closed');
    } catch (err) {
      log.error({ err }, 'close failed');
      exitCode = 1;
    }
    clearTimeout(timer);
    host.exit(exitCode);
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    host.on(signal, () => {
      log.info({ signal }, 'stopping');
      void stop(0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    host.on(event as 'uncaughtException', (err: unknown) => {
      log.fatal({ err, reason: event }, 'uncaught error, stopping');
      if (!closing) void stop(1);
    });
  }
}
