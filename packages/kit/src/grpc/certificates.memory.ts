import 'reflect-metadata'; // x509's container asks for it
import { BasicConstraintsExtension, ExtendedKeyUsage, ExtendedKeyUsageExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsPaths } from './tls.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 86_400_000;

/** A certificate authority of the tests. */
export async function createAuthority(name = 'essai') {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const issuer = `CN=CA ${name}`;
  const certificate = await X509CertificateGenerator.createSelfSigned({ name: issuer, keys, signingAlgorithm: algorithm, notAfter: new Date(Date.now() + day), extensions: [new BasicConstraintsExtension(true, 1, true)] });

  /** Certificate and key of a process, as PEM; for `dnsName`, until `notAfter`. */
  async function issue(dnsName: string, notAfter = new Date(Date.now() + day)): Promise<{ cert: string; key: string }> {
    const own = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const cert = await X509CertificateGenerator.create({
      subject: `CN=${dnsName}`, issuer, publicKey: own.publicKey, signingKey: keys.privateKey, signingAlgorithm: algorithm, notBefore: new Date(Date.now() - 2 * day), notAfter,
      extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: dnsName }]), new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth])],
    });
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64');
    return { cert: cert.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n` };
  }

  return { pem: certificate.toString('pem'), issue };
}

export type Authority = Awaited<ReturnType<typeof createAuthority>>;

/** The files that the configuration names, in a folder of their own. */
export async function writeTlsFiles(ca: string, { cert, key }: { cert: string; key: string }): Promise<Required<TlsPaths> & Record<keyof TlsPaths, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'mediai-tls-'));
  const paths = { GRPC_TLS_CA: join(folder, 'ca.crt'), GRPC_TLS_CERT: join(folder, 'tls.crt'), GRPC_TLS_KEY: join(folder, 'tls.key') };
  await Promise.all([writeFile(paths.GRPC_TLS_CA, ca), writeFile(paths.GRPC_TLS_CERT, cert), writeFile(paths.GRPC_TLS_KEY, key)]);
  return paths;
}
