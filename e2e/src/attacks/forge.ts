import { createHmac, createPrivateKey, createSign, generateKeyPairSync, randomUUID, type JsonWebKey, type KeyObject } from 'node:crypto';
import pg from 'pg';
import { decryptPrivateKey, type StoredKey } from '../../../services/auth/src/key/signing-key.ts';
import { suiteState } from '../suite.ts';

export type Claims = Record<string, unknown>;
type Header = Record<string, unknown>;

const encode = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const decode = (part = ''): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

/** Header and claims of a token, unverified. */
export function readToken(token: string): { header: Header & { kid: string }; claims: Claims } {
  const [header, claims] = token.split('.');
  return { header: decode(header) as Header & { kid: string }, claims: decode(claims) };
}

const join = (header: Header, claims: Claims, sign: (input: string) => string): string => {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${sign(input)}`;
};

export const unsigned = (header: Header, claims: Claims, signature = ''): string => join(header, claims, () => signature);
export const signedHs256 = (header: Header, claims: Claims, secret: string | Buffer): string => join({ ...header, alg: 'HS256' }, claims, (input) => createHmac('sha256', secret).update(input).digest('base64url'));
export const signedRsa = (header: Header, claims: Claims, key: KeyObject, bits: 256 | 512 = 256): string =>
  join({ ...header, alg: `RS${bits}` }, claims, (input) => createSign(`RSA-SHA${bits}`).update(input).sign(key, 'base64url'));

/** A key pair of the attacker's own. */
export function ownKey(): { privateKey: KeyObject; jwk: JsonWebKey } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { privateKey, jwk: publicKey.export({ format: 'jwk' }) };
}

/** The key with which auth signed a token: no attacker has it, but what it signs must be judged by its claims all the same. */
export async function genuineKey(kid: string): Promise<KeyObject> {
  const { services, authKeySecret } = await suiteState();
  const client = new pg.Client({ connectionString: services.auth.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ private_key: Buffer }>('SELECT private_key FROM signing_key WHERE kid = $1', [kid]);
    const [row] = rows;
    if (!row) throw new Error(`auth has no key ${kid}`);
    return createPrivateKey(decryptPrivateKey({ kid, privateKey: row.private_key } as unknown as StoredKey, authKeySecret));
  } finally {
    await client.end();
  }
}

/** A token's claims with others in their place; `undefined` leaves one out. */
export const withClaims = (claims: Claims, more: Claims): Claims => ({ ...claims, jti: randomUUID(), ...more });
