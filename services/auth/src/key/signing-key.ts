import { createCipheriv, createDecipheriv, createHash, generateKeyPair, hkdfSync, randomBytes, type JsonWebKey } from 'node:crypto';
import { promisify } from 'node:util';

/** A public RSA key as RFC 7517 publishes it. */
export type PublicJwk = { kty: 'RSA'; kid: string; alg: 'RS256'; use: 'sig'; n: string; e: string };

/** As it is kept: `privateKey` is PKCS #8 DER under AES-256-GCM (nonce 12, tag 16, ciphertext). */
export type StoredKey = {
  kid: string;
  publicJwk: PublicJwk;
  privateKey: Uint8Array;
  createdAt: Date;
  /** Published from its creation, it signs from here on. */
  signsFrom: Date;
  /** When another takes over; it signs until then, and stays published while a token it signed may be valid. */
  retiredAt: Date | null;
};

/** By which the clocks of replicas and of verifiers may differ. */
const clockMarginMs = 60_000;

const nonceLength = 12;
const tagLength = 16;

/** A new RSA key of 2048 bits (RFC 7518 §3.3), its private half encrypted with `secret`; `kid` is its RFC 7638 thumbprint. */
export async function generateSigningKey(secret: string, createdAt: Date, signsFrom = createdAt): Promise<StoredKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const { n, e } = publicKey.export({ format: 'jwk' }) as JsonWebKey & { n: string; e: string };
  const kid = createHash('sha256').update(JSON.stringify({ e, kty: 'RSA', n })).digest('base64url');
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  return { kid, publicJwk: { kty: 'RSA', kid, alg: 'RS256', use: 'sig', n, e }, privateKey: encrypt(der, secret, kid), createdAt, signsFrom, retiredAt: null };
}

/** The private half as PKCS #8 PEM; throws when `secret` is not the one it was encrypted with. */
export function decryptPrivateKey({ kid, privateKey }: StoredKey, secret: string): string {
  const bytes = Buffer.from(privateKey);
  const decipher = createDecipheriv('aes-256-gcm', encryptionKey(secret), bytes.subarray(0, nonceLength), { authTagLength: tagLength });
  decipher.setAAD(Buffer.from(kid));
  decipher.setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
  try {
    const der = Buffer.concat([decipher.update(bytes.subarray(nonceLength + tagLength)), decipher.final()]);
    return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
  } catch (cause) {
    throw new Error('The signing key cannot be decrypted: AUTH_KEY_SECRET is not the one it was stored with.', { cause });
  }
}

/** Whether it signs at `now`. */
export function signsAt({ signsFrom, retiredAt }: StoredKey, now: Date): boolean {
  return signsFrom <= now && (retiredAt === null || retiredAt > now);
}

/** Whether it will sign, or tokens it signed may still be valid, none living longer than `tokenLifeMs`. */
export function isPublished({ retiredAt }: StoredKey, now: Date, tokenLifeMs: number): boolean {
  return retiredAt === null || retiredAt.getTime() + tokenLifeMs + clockMarginMs > now.getTime();
}

function encrypt(plain: Buffer, secret: string, kid: string): Uint8Array {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', encryptionKey(secret), nonce, { authTagLength: tagLength });
  cipher.setAAD(Buffer.from(kid));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function encryptionKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'mediai-auth', 'signing-key', 32));
}
