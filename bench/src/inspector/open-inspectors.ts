import { readFileSync } from 'node:fs';
import type { Target } from '../target/target.ts';
import { waitUntil } from '../suite/wait-until.ts';
import { connectInspector, type Inspector } from './inspector.ts';

/** Where the last process that opened its inspector said it listens; undefined where none has. */
export const addressIn = (log: string): string | undefined => [...log.matchAll(/Debugger listening on (ws:\/\/\S+)/g)].at(-1)?.[1];

export type Inspectors = {
  /** Inspectors of the Node processes that a server has now. */
  of(target: Target): Promise<Record<string, Inspector>>;
  close(): void;
};

/**
 * Opens inspectors when they are first needed, by SIGUSR1: what was measured before ran without. The processes must have
 * been started with `--inspect-port=127.0.0.1:0`, so that each chooses a port of its own.
 */
export function createInspectors(): Inspectors {
  const opened = new Map<number, Promise<Inspector>>();

  async function open(name: string, { pid, logFile }: { pid: number; logFile: string }): Promise<Inspector> {
    const { length } = readFileSync(logFile);
    const said = (): string | undefined => addressIn(readFileSync(logFile).subarray(length).toString());
    process.kill(pid, 'SIGUSR1');
    await waitUntil(`the inspector of ${name}`, () => said() !== undefined, 10_000);
    return connectInspector(said() ?? '');
  }

  return {
    async of(target) {
      const inspectors: Record<string, Inspector> = {};
      for (const [name, node] of Object.entries(await target.nodes())) {
        const one = opened.get(node.pid) ?? open(name, node);
        opened.set(node.pid, one);
        inspectors[name] = await one;
      }
      return inspectors;
    },
    close: () => {
      for (const one of opened.values()) void one.then((inspector) => inspector.close(), () => undefined);
    },
  };
}
