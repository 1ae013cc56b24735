import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectTls } from 'node:tls';
import { dirname } from 'node:path';
import { ConfigError, loadConfig, tlsConfig } from '../config/index.ts';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { createAuthority, writeTlsFiles, type Authority } from './certificates.memory.ts';
import { EchoService } from './echo-service.memory.ts';
import { connect, implement, readTls, serve, type GrpcTls } from './index.ts';

type Paths = Awaited<ReturnType<typeof writeTlsFiles>>;

let authority: Authority;
let stranger: Authority;
const folders: string[] = [];
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  [authority, stranger] = await Promise.all([createAuthority(), createAuthority('autre')]);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function files(ca: string, identity: { cert: string; key: string }): Promise<Paths> {
  const paths = await writeTlsFiles(ca, identity);
  folders.push(dirname(paths.GRPC_TLS_CA));
  return paths;
}

/** The files of a process whose certificate is for `dnsName`. */
const filesOf = async (dnsName: string, by = authority): Promise<Paths> => files(authority.pem, await by.issue(dnsName));
const tlsOf = async (dnsName: string, by = authority): Promise<GrpcTls> => readTls(await filesOf(dnsName, by)) as GrpcTls;

async function start(tls: GrpcTls | undefined) {
  const options = { host: '127.0.0.1', port: 0, publicMethods: ['essai.v1.EchoService/PublicEcho'], log: createLogger({ service: 'e', level: 'silent' }), metrics: createMetrics('e') };
  const server = await serve({ ...options, services: [implement(EchoService, { publicEcho: async ({ value }) => ({ value }) })], tls });
  closers.push(() => server.close(0));
  return server.port;
}

/** What a client gets: the text, or the kind of the refusal. */
function ask(port: number, tls: GrpcTls | undefined, host = 'localhost'): Promise<string> {
  const client = connect(EchoService, { address: `${host}:${port}`, tls, deadlineMs: 5_000 });
  closers.push(() => client.close());
  return client.publicEcho({ value: 'bonjour' }).then(({ value }) => value, (error: { kind: string }) => error.kind);
}

const expiryOf = (pem: Buffer): number => new X509Certificate(pem).validToDate.getTime() / 1_000;

/** The certificate a TLS server shows now. */
function shownAt(port: number, paths: { ca: string; cert: string; key: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ALPNProtocols: ['h2'], ...paths }, () => {
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      resolve(fingerprint256);
    });
    socket.on('error', reject);
  });
}

describe('mutual TLS', () => {
  test('a client with a certificate of the CA is answered', async () => {
    const port = await start(await tlsOf('localhost'));
    expect(await ask(port, await tlsOf('gateway'))).toBe('bonjour');
  });

  test('a client without TLS is refused, and so is one with it by a plain server', async () => {
    expect(await ask(await start(await tlsOf('localhost')), undefined)).toBe('unavailable');
    expect(await ask(await start(undefined), await tlsOf('gateway'))).toBe('unavailable');
  });

  test('a client that shows no certificate is refused', async () => {
    const port = await start(await tlsOf('localhost'));
    const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.pem, ALPNProtocols: ['h2'] });
    const code = await new Promise((resolve) => {
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.on('data', () => resolve('answered'));
      socket.on('secureConnect', () => socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'));
    });
    expect(code).toMatch(/ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED|ECONNRESET|EPIPE/);
  });

  test('a client with a certificate of another CA is refused', async () => {
    const port = await start(await tlsOf('localhost'));
    expect(await ask(port, await tlsOf('gateway', stranger))).toBe('unavailable');
  });

  test('a server with a certificate of another CA is refused', async () => {
    const port = await start(await tlsOf('localhost', stranger));
    expect(await ask(port, await tlsOf('gateway'))).toBe('unavailable');
  });

  test('a server whose certificate names another host is refused', async () => {
    const port = await start(await tlsOf('auth'));
    expect(await ask(port, await tlsOf('gateway'))).toBe('unavailable');
  });

  test('a client that refuses its server says why in its log', async () => {
    const reasons: unknown[] = [];
    const log = createLogger({ service: 'e', stream: { write: (line) => void reasons.push((JSON.parse(line) as { reason?: string }).reason) } });
    for (const port of [await start(await tlsOf('auth')), await start(await tlsOf('localhost', stranger)), await start(undefined)]) {
      const client = connect(EchoService, { address: `localhost:${port}`, tls: await tlsOf('gateway'), log });
      await client.publicEcho({}).catch(() => undefined);
      client.close();
    }
    expect(reasons).toEqual(['tls', 'tls', 'tls']);
  });

  test('a client whose certificate has expired since its start is refused', async () => {
    const port = await start(await tlsOf('localhost'));
    const soon = await files(authority.pem, await authority.issue('gateway', new Date(Date.now() + 1_500)));
    const tls = readTls(soon);
    await new Promise((wake) => setTimeout(wake, 2_000));
    expect(await ask(port, tls)).toBe('unavailable');
  });

  test('configured through the environment, as a service is', async () => {
    const server = loadConfig(tlsConfig, { ...(await filesOf('localhost')) });
    const client = loadConfig(tlsConfig, { ...(await filesOf('consultation')) });
    const port = await start(readTls(server));
    expect(await ask(port, readTls(client))).toBe('bonjour');
    expect(readTls(loadConfig(tlsConfig, {}))).toBeUndefined();
  });
});

describe('renewed files', () => {
  async function until(pleases: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + 5_000;
    while (!(await pleases())) {
      if (Date.now() > end) throw new Error('not within 5 s');
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }

  test('are taken up by server and client without a restart', async () => {
    const paths = { server: await filesOf('localhost'), client: await filesOf('gateway') };
    const metrics = createMetrics('e');
    const expiry = async () => Number(/^grpc_tls_certificate_expiry_timestamp_seconds\{.*\} (\d+)$/m.exec(await metrics.registry.metrics())?.[1]);
    const [server, client] = [readTls(paths.server, { refreshMs: 20, metrics }), readTls(paths.client, { refreshMs: 20 })];
    const port = await start(server);
    expect(await ask(port, client)).toBe('bonjour');
    expect(await expiry()).toBe(expiryOf(await readFile(paths.server.GRPC_TLS_CERT)));
    // Another CA altogether: only files that were all taken up fit together.
    for (const [name, { GRPC_TLS_CA, GRPC_TLS_CERT, GRPC_TLS_KEY }] of [['localhost', paths.server], ['gateway', paths.client]] as const) {
      const { cert, key } = await stranger.issue(name, new Date(Date.now() + 3_600_000));
      await Promise.all([writeFile(GRPC_TLS_CA, stranger.pem), writeFile(GRPC_TLS_CERT, cert), writeFile(GRPC_TLS_KEY, key)]);
    }
    await until(async () => (await ask(port, client)) === 'bonjour' && (await ask(port, await tlsOf('gateway'))) === 'unavailable');
    expect(await expiry()).toBe(expiryOf(await readFile(paths.server.GRPC_TLS_CERT)));
    const third = readTls(await files(stranger.pem, await stranger.issue('ia')));
    expect(await ask(port, third)).toBe('bonjour');
  });

  test('that do not fit, or are away for a moment, leave the former in use and are logged', async () => {
    const lines: string[] = [];
    const log = createLogger({ service: 'e', stream: { write: (line) => void lines.push(line) } });
    const identity = await authority.issue('localhost');
    const paths = await files(authority.pem, identity);
    const port = await start(readTls(paths, { refreshMs: 20, log }));
    const own = { ca: authority.pem, ...(await authority.issue('gateway')) };
    const former = new X509Certificate(identity.cert).fingerprint256;
    expect(await shownAt(port, own)).toBe(former);
    const renewed = await authority.issue('localhost');
    await rm(paths.GRPC_TLS_KEY);
    await writeFile(paths.GRPC_TLS_CERT, renewed.cert);
    await until(async () => lines.length > 1);
    expect(await shownAt(port, own)).toBe(former);
    expect(lines[0]).toContain('renewed TLS files cannot be used');
    await writeFile(paths.GRPC_TLS_KEY, renewed.key);
    await until(async () => (await shownAt(port, own)) === new X509Certificate(renewed.cert).fingerprint256);
  });
});

describe('files that cannot serve stop the start', () => {
  function faultsOf(paths: Paths): string[] {
    try {
      readTls(paths);
    } catch (error) {
      if (error instanceof ConfigError) return error.faults;
      throw error;
    }
    return [];
  }

  test('a file that is not there', async () => {
    const paths = await filesOf('localhost');
    expect(faultsOf({ ...paths, GRPC_TLS_CA: '/nowhere/ca.crt', GRPC_TLS_KEY: '/nowhere/tls.key' })).toEqual([
      'GRPC_TLS_CA names a file that cannot be read (ENOENT): /nowhere/ca.crt',
      'GRPC_TLS_KEY names a file that cannot be read (ENOENT): /nowhere/tls.key',
    ]);
  });

  test('what is no certificate, no key, or not the key of this certificate', async () => {
    const identity = await authority.issue('localhost');
    expect(faultsOf(await files('x', { cert: 'y', key: 'z' })).map((fault) => fault.split(' ')[0])).toEqual(['GRPC_TLS_CA', 'GRPC_TLS_CERT', 'GRPC_TLS_KEY']);
    expect(faultsOf(await files(authority.pem, { ...identity, key: (await authority.issue('localhost')).key }))).toEqual(['GRPC_TLS_KEY must be the key of GRPC_TLS_CERT']);
  });

  test('a certificate that has expired', async () => {
    const expired = await authority.issue('localhost', new Date(Date.now() - 1_000));
    expect(faultsOf(await files(authority.pem, expired))).toEqual([expect.stringContaining('GRPC_TLS_CERT has expired on ')]);
  });
});
