import { destination, type DestinationStream } from 'pino';

/** Longest time that a line waits for others. */
const waitMs = 100;
const waitBytes = 8_192;
/** pino's number of `warn`. */
const warn = 40;

/**
 * Standard output for log lines: a write for many of them, for a write costs more than the line. A warning or worse goes
 * out at once, with what waited before it, and so does everything as the process ends; only one that is killed takes
 * the information of its last tenth of a second along.
 */
export function openLineOutput(): DestinationStream {
  const out = destination({ fd: 1, sync: true, minLength: waitBytes });
  let waiting: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(waiting);
    waiting = undefined;
    out.flushSync();
  };
  process.on('exit', flush);
  return {
    // pino tells the level of a line where it is asked for.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write(line: string): void {
      out.write(line);
      if (this.lastLevel >= warn) flush();
      else waiting ??= setTimeout(flush, waitMs).unref();
    },
  } as DestinationStream & { lastLevel: number };
}
