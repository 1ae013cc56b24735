import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type AddressInfo } from 'node:net';
import { startWorld, token, type World } from '../fake-services.memory.ts';

const FICHES = '/api/v1/fiche-consultation/';
let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.app.close());

describe('on the wire', () => {
  let port: number;
  beforeAll(async () => {
    await world.app.listen({ port: 0, host: '127.0.0.1' });
    ({ port } = world.app.server.address() as AddressInfo);
  });

  /** What comes back for raw bytes. */
  const speak = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let heard = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (data) => (heard += data.toString())).on('close', () => resolve(heard)).on('error', reject);
    });

  it.each<[string, () => string, number]>([
    ['headers larger than 16 kB', () => `GET ${FICHES} HTTP/1.1\r\nhost: x\r\ncookie: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['an address of 100 kB', () => `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
    ['no HTTP', () => 'bonjour\r\n\r\n', 400],
    ['two lengths', () => `POST ${FICHES} HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ])('%s: a problem document, and the connection ends', async (_what, bytes, status) => {
    const heard = await speak(bytes());
    const [head = '', body = ''] = heard.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*application/problem\\+json`));
    expect(JSON.parse(body)).toMatchObject({ status, detail: expect.any(String) });
  });

  it('10 MB in pieces without a length are refused while they come', async () => {
    const heard = await speak(`POST ${FICHES} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token()}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n${`10000\r\n${'a'.repeat(0x10000)}\r\n`.repeat(20)}`);
    expect(heard).toMatch(/^HTTP\/1\.1 413 /);
  });
});
