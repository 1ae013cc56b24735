import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../log/index.ts';
import { runChecks, type Checks } from './start-internal-server.ts';

export type Readiness = {
  /** Resolves when no check is down: a database may come up, and its migrations be applied, after this process. */
  untilUp: () => Promise<void>;
  /** From now on ready as long as no check is down: `tell` hears each change, the first at once. */
  begin: (tell: (ready: boolean) => void) => void;
  /** Whether `begin` was called and `end` was not. */
  isReady: () => boolean;
  /** Stopping begins: nothing is told any more. */
  end: () => void;
};

/** One word about a service for both of its ports: `/readyz` asks the checks itself, gRPC's health is told. */
export function createReadiness({ checks, log, everyMs = 2_000 }: { checks: Checks; log: Logger; everyMs?: number }): Readiness {
  let begun = false;
  let timer: NodeJS.Timeout | undefined;

  async function findDown(): Promise<string> {
    const states = await runChecks(checks);
    return Object.keys(states).filter((name) => states[name] === 'down').join(', ');
  }

  return {
    async untilUp() {
      for (let told = ''; ; await sleep(everyMs)) {
        const down = await findDown();
        if (down === '') return;
        if (down !== told) log.warn({ check: down, delay_ms: everyMs }, 'a part that this service needs is down, waiting for it');
        told = down;
      }
    },
    begin(tell) {
      let ready = true;
      const look = async (): Promise<void> => {
        const down = await findDown();
        if (!begun) return;
        if ((down === '') !== ready) {
          ready = down === '';
          tell(ready);
          log[ready ? 'info' : 'warn']({ check: down || undefined }, ready ? 'ready again' : 'not ready');
        }
        timer = setTimeout(() => void look(), everyMs);
      };
      begun = true;
      tell(ready);
      timer = setTimeout(() => void look(), everyMs);
    },
    isReady: () => begun,
    end() {
      begun = false;
      clearTimeout(timer);
    },
  };
}
