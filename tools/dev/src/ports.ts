import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { Failure } from './failure.ts';
import { readJson, writeJson } from './json-file.ts';

/** Above this the kernel gives ports away to anyone's outgoing connection. */
const highestPort = 32_767;
const lowestPort = 15_000;

export type Ports = {
  /** The port of `name`: the remembered one where it is still free, otherwise another one, which is then remembered. */
  claim(name: string): Promise<number>;
  /** A fixed port. Throws a Failure that names it when something else listens there. */
  require(name: string, port: number): Promise<number>;
};

/** True where nothing listens on the port of this machine's loopback. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Ports of one state directory, kept in its `ports.json`. Each directory begins its search elsewhere, so that two
 * checkouts (or a suite and its tests) do not meet; within one process a claimed name keeps its port.
 * @param file the ports.json
 * @param isFree the probe, replaced in tests
 */
export function createPorts(file: string, isFree: (port: number) => Promise<boolean> = isPortFree): Ports {
  const claimed = new Map<string, number>();
  const start = createHash('sha256').update(file).digest().readUInt32BE(0);
  let queue: Promise<unknown> = Promise.resolve();

  async function find(name: string): Promise<number> {
    const known = claimed.get(name);
    if (known) return known;
    const kept = readJson<Record<string, number>>(file, {});
    const others = new Set([...claimed.values(), ...Object.entries(kept).flatMap(([n, p]) => (n === name ? [] : [p]))]);
    const span = highestPort - lowestPort;
    const candidates = [kept[name] ?? 0, ...Array.from({ length: 500 }, (_, i) => lowestPort + ((start + i) % span))];
    for (const port of candidates) {
      if (port < 1024 || others.has(port) || !(await isFree(port))) continue;
      claimed.set(name, port);
      if (kept[name] !== port) writeJson(file, { ...kept, [name]: port });
      return port;
    }
    throw new Failure(`No free port was found between ${lowestPort} and ${highestPort}: stop some listening programs and run the command again.`);
  }

  return {
    claim(name) {
      const next = queue.then(() => find(name));
      queue = next.catch(() => undefined);
      return next;
    },
    async require(name, port) {
      if (!(await isFree(port))) {
        throw new Failure(`Port ${port} is taken by another program: stop it and run "npm start" again, or choose another port with "npm start -- --port ${port + 1}".`);
      }
      claimed.set(name, port);
      return port;
    },
  };
}
