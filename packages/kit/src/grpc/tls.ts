import { experimental, type ChannelCredentials, type ServerCredentials } from '@grpc/grpc-js';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from '../config/load-config.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics, SeriesMakers } from '../metrics/index.ts';

/** Paths of PEM files, as in `tlsConfig`. */
export type TlsPaths = { GRPC_TLS_CA?: string | undefined; GRPC_TLS_CERT?: string | undefined; GRPC_TLS_KEY?: string | undefined };

/** Mutual TLS for `serve` and `connect`. */
export type GrpcTls = { server: ServerCredentials; channel: ChannelCredentials };

type Name = keyof TlsPaths;
type Files = Record<Name, Buffer>;

const names = ['GRPC_TLS_CA', 'GRPC_TLS_CERT', 'GRPC_TLS_KEY'] as const;

/**
 * Mutual TLS by the files of the configuration, or undefined where none is named. Both ends show a certificate and refuse
 * one that is not of the CA; a client refuses a server whose certificate does not name the host it called (RFC 9525).
 * Files that changed are taken up every `refreshMs` (a minute) for new connections; what cannot be used is logged and the
 * former stays. `metrics` gets `grpc_tls_certificate_expiry_timestamp_seconds`. Throws ConfigError for files that cannot be read or do not fit.
 */
export function readTls(paths: TlsPaths, { log, metrics, refreshMs = 60_000 }: { log?: Logger; metrics?: Metrics; refreshMs?: number } = {}): GrpcTls | undefined {
  if (names.every((name) => paths[name] === undefined)) return undefined;
  const expiry = metrics?.once(tlsMetrics);
  const read = (): Files => {
    const files = readFiles(paths);
    expiry?.set(new X509Certificate(files.GRPC_TLS_CERT).validToDate.getTime() / 1_000);
    return files;
  };
  const provider = createCertificateProvider(read, refreshMs, (err) => log?.warn({ err }, 'renewed TLS files cannot be used, the former ones stay'));
  return {
    server: experimental.createCertificateProviderServerCredentials(provider, provider, true),
    channel: experimental.createCertificateProviderChannelCredentials(provider, provider),
  };
}

/** The series of mutual TLS. */
export const tlsMetrics = ({ gauge }: SeriesMakers) => gauge('grpc_tls_certificate_expiry_timestamp_seconds', 'When the certificate of this process ends, in Unix time; absent without TLS.');

/**
 * What grpc-js asks for certificates. Its own provider takes a file that is away for a moment as "no certificate" and
 * drops every connection; this one keeps the last good files. It watches while somebody listens.
 */
function createCertificateProvider(read: () => Files, refreshMs: number, refused: (reason: unknown) => void): experimental.CertificateProvider {
  const caListeners = new Set<experimental.CaCertificateUpdateListener>();
  const identityListeners = new Set<experimental.IdentityCertificateUpdateListener>();
  let files = read();
  let watching: NodeJS.Timeout | undefined;

  const ca = (): experimental.CaCertificateUpdate => ({ caCertificate: files.GRPC_TLS_CA });
  const identity = (): experimental.IdentityCertificateUpdate => ({ certificate: files.GRPC_TLS_CERT, privateKey: files.GRPC_TLS_KEY });

  function refresh(): void {
    try {
      const renewed = read();
      if (names.every((name) => renewed[name].equals(files[name]))) return;
      files = renewed;
    } catch (reason) {
      return refused(reason);
    }
    for (const listener of caListeners) listener(ca());
    for (const listener of identityListeners) listener(identity());
  }

  /** Tells a new listener what there is, once it has finished subscribing: grpc-js does not hear it before. */
  function add<L>(listeners: Set<L>, listener: L, tell: () => void): void {
    listeners.add(listener);
    if (!watching) {
      refresh(); // nobody has looked since the last listener went
      watching = setInterval(refresh, refreshMs).unref();
    }
    queueMicrotask(() => listeners.has(listener) && tell());
  }

  function remove<L>(listeners: Set<L>, listener: L): void {
    listeners.delete(listener);
    if (caListeners.size + identityListeners.size > 0) return;
    clearInterval(watching);
    watching = undefined;
  }

  return {
    addCaCertificateListener: (listener) => add(caListeners, listener, () => listener(ca())),
    removeCaCertificateListener: (listener) => remove(caListeners, listener),
    addIdentityCertificateListener: (listener) => add(identityListeners, listener, () => listener(identity())),
    removeIdentityCertificateListener: (listener) => remove(identityListeners, listener),
  };
}

function readFiles(paths: TlsPaths): Files {
  const faults: string[] = [];
  const read = (name: Name): Buffer => {
    try {
      return readFileSync(paths[name] ?? '');
    } catch (error) {
      faults.push(`${name} names a file that cannot be read (${(error as NodeJS.ErrnoException).code}): ${paths[name]}`);
      return Buffer.alloc(0);
    }
  };
  const files = { GRPC_TLS_CA: read('GRPC_TLS_CA'), GRPC_TLS_CERT: read('GRPC_TLS_CERT'), GRPC_TLS_KEY: read('GRPC_TLS_KEY') };
  if (faults.length === 0) faults.push(...findFaults(files));
  if (faults.length > 0) throw new ConfigError(faults);
  return files;
}

function findFaults(files: Files): string[] {
  const certificate = parsed(() => new X509Certificate(files.GRPC_TLS_CERT));
  const key = parsed(() => createPrivateKey(files.GRPC_TLS_KEY));
  const faults: string[] = [];
  if (!parsed(() => new X509Certificate(files.GRPC_TLS_CA))) faults.push('GRPC_TLS_CA must be a file of certificates in PEM');
  if (!certificate) faults.push('GRPC_TLS_CERT must be a file of certificates in PEM');
  if (!key) faults.push('GRPC_TLS_KEY must be a file of a private key in PEM, without a passphrase');
  if (certificate && key && !certificate.checkPrivateKey(key)) faults.push('GRPC_TLS_KEY must be the key of GRPC_TLS_CERT');
  if (certificate && certificate.validToDate.getTime() <= Date.now()) faults.push(`GRPC_TLS_CERT has expired on ${certificate.validToDate.toISOString()}`);
  return faults;
}

function parsed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
