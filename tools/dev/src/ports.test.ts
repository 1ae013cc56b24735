import { describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJson } from './json-file.ts';
import { createPorts, isPortFree } from './ports.ts';

const file = () => join(mkdtempSync(join(tmpdir(), 'mediai-ports-')), 'ports.json');

describe('ports', () => {
  it('are remembered from one start to the next', async () => {
    const kept = file();
    const first = await createPorts(kept, async () => true).claim('redis');
    expect(await createPorts(kept, async () => true).claim('redis')).toBe(first);
    expect(readJson(kept, {})).toEqual({ redis: first });
  });

  it('stay below those that the kernel gives away, and differ from each other', async () => {
    const ports = createPorts(file(), async () => true);
    const claimed = await Promise.all(['a', 'b', 'c', 'd'].map((name) => ports.claim(name)));
    expect(new Set(claimed).size).toBe(4);
    expect(claimed.every((port) => port >= 15_000 && port < 32_768)).toBe(true);
  });

  it('move when another program has taken the remembered one', async () => {
    const kept = file();
    const first = await createPorts(kept, async () => true).claim('kafka');
    expect(await createPorts(kept, async (port) => port !== first).claim('kafka')).not.toBe(first);
  });

  it('say in one sentence that port 8000 is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await isPortFree(port)).toBe(false);
    await expect(createPorts(file()).require('gateway', port)).rejects.toThrow(`Port ${port} is taken by another program: stop it`);
    await new Promise((resolve) => server.close(resolve));
    expect(await isPortFree(port)).toBe(true);
  });
});
