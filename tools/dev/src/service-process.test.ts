import { describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createProcesses } from './processes.ts';
import { backOffMs, lastWords, supervise } from './service-process.ts';

const supervised = (script: string, readyUrl = 'http://127.0.0.1:9/') => {
  const dir = mkdtempSync(join(tmpdir(), 'mediai-service-'));
  const logs = join(dir, 'logs');
  const said: string[] = [];
  const processes = createProcesses({ logs, pids: join(dir, 'pids') });
  return { said, service: supervise({ name: 'ia', command: '/bin/sh', args: ['-c', script], env: process.env, readyUrl, logs, processes, onLine: () => {}, log: (line) => said.push(line) }) };
};

describe('supervision', () => {
  it('doubles its waits up to half a minute', () => {
    expect([0, 1, 2, 3, 10].map(backOffMs)).toEqual([500, 1000, 2000, 4000, 30_000]);
  });

  it('brings a killed service back, and leaves a stopped one alone', async () => {
    const { service, said } = supervised('sleep 300');
    await service.start();
    const first = service.pid();
    await service.kill();
    expect(service.pid()).toBeUndefined();
    while (service.pid() === undefined) await sleep(50);
    expect(service.pid()).not.toBe(first);
    expect(service.restarts()).toBe(1);
    expect(said).toEqual(['ia ended (SIGKILL): back in 0.5 s']);
    await service.stop();
    await sleep(700);
    expect(service.pid()).toBeUndefined();
    await service.start();
    expect(service.pid()).toBeDefined();
    await service.stop();
  });

  it('gives up on a service that cannot start, with its last words', async () => {
    const { service } = supervised('echo \'{"level":50,"msg":"DATABASE_URL is required"}\'; exit 1');
    await service.start();
    await expect(service.untilReady()).rejects.toThrow('The ia service ended three times (code 1); its last words: DATABASE_URL is required');
    await service.stop();
  });

  it('waits for the readiness probe', async () => {
    let status = 503;
    const server = createServer((_request, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { service } = supervised('sleep 300', `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`);
    await service.start();
    await expect(service.untilReady(300)).rejects.toThrow('was not ready within 0.3 s');
    status = 200;
    await expect(service.untilReady()).resolves.toBeUndefined();
    await service.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('takes the words of a fault from a log of any shape', () => {
    expect(lastWords('{"level":30,"msg":"started"}\n    at file.js:1')).toBe('started');
    expect(lastWords('TypeError: no\nplain')).toBe('TypeError: no');
    expect(lastWords('')).toBe('none');
  });
});
