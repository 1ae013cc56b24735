import { randomUUID } from 'node:crypto';
import { createSigner } from 'fast-jwt';
import { isApproved, type Account } from '../account/account.ts';
import type { Keyring, SigningKey } from '../key/keyring.ts';

/** `iss` and `aud` of every token of the suite. */
export const tokenIssuer = 'mediai';
export const tokenAudience = 'mediai';

/** Life of a service's token, in seconds. */
export const serviceTokenSeconds = 300;

type Sign = (claims: Record<string, unknown>) => string;
type Needs = { keyring: Pick<Keyring, 'signingKey'>; accessSeconds: number; clock: () => Date };

export type AccessTokens = {
  forAccount: (account: Account) => Promise<string>;
  forService: (service: string) => Promise<string>;
};

/** Signs access tokens: JWT (RFC 7519), RS256, with `kid`; claims `iss, aud, sub, exp, iat, jti, role, is_staff, is_superuser, approuve, etablissement_id`. */
export function createAccessTokens({ keyring, accessSeconds, clock }: Needs): AccessTokens {
  let signer: { kid: string; sign: Sign } | undefined;

  function signerOf({ kid, privateKeyPem }: SigningKey): Sign {
    if (signer?.kid !== kid) signer = { kid, sign: createSigner({ algorithm: 'RS256', key: privateKeyPem, kid }) as Sign };
    return signer.sign;
  }

  async function sign(claims: Record<string, unknown>, lifeSeconds: number): Promise<string> {
    const iat = Math.floor(clock().getTime() / 1000);
    const signClaims = signerOf(await keyring.signingKey());
    return signClaims({ iss: tokenIssuer, aud: tokenAudience, jti: randomUUID(), iat, exp: iat + lifeSeconds, ...claims });
  }

  return {
    forAccount: (account) =>
      sign(
        {
          sub: String(account.id),
          role: account.role,
          is_staff: account.isStaff,
          is_superuser: account.isSuperuser,
          approuve: isApproved(account),
          etablissement_id: account.etablissementId,
        },
        accessSeconds,
      ),
    forService: (service) => sign({ sub: `service:${service}`, role: 'service' }, serviceTokenSeconds),
  };
}
