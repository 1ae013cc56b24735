import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createTokenVerifier, type Jwks, type TokenVerifier } from '@mediai/kit/acteur';
import { tokenAudience, tokenIssuer } from '../../services/auth/src/token/access-token.ts';
import { run, type Pools } from './databases.ts';

/** A key of this process for the tokens that it gives itself. */
export function createSigningKey() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = `floor-${randomUUID()}`;
  return {
    signing: { kid, privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), signsFrom: new Date(0) },
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' },
  };
}

export type SigningKey = ReturnType<typeof createSigningKey>;

async function fetchJwks(url: string): Promise<Jwks> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as Jwks;
}

const REVOCATIONS = 'SELECT id, tokens_valid_from FROM users WHERE tokens_valid_from >= $1::timestamptz';
const LONGEST_TOKEN_MS = 86_400_000;

/**
 * Verifies access tokens as the services do, remembered by their hash.
 * @param own a key beside the suite's
 * @param auth where revocations are read; without it none are known, as in the suite's gateway
 */
export function createVerify(jwksUrl: string, own?: SigningKey, auth?: Pools['auth']): TokenVerifier {
  const fetchRevocations = async () => {
    const rows = await run<{ id: number; tokens_valid_from: Date }>(auth as Pools['auth'], REVOCATIONS, [new Date(Date.now() - LONGEST_TOKEN_MS).toISOString()]);
    return rows.map(({ id, tokens_valid_from: from }) => ({ userId: id, validFrom: Math.ceil(from.getTime() / 1000) }));
  };
  return createTokenVerifier({
    issuer: tokenIssuer,
    audience: tokenAudience,
    fetchJwks: async () => {
      const { keys } = await fetchJwks(jwksUrl);
      return { keys: own ? [...keys, own.jwk] : keys };
    },
    ...(auth ? { fetchRevocations } : {}),
  });
}
