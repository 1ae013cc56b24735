import { randomUUID } from 'node:crypto';
import { createSigner } from 'fast-jwt';
import type { Account } from '../account/account.ts';
import type { Keyring, SigningKey } from '../key/keyring.ts';

/** `iss` and `aud` of every token of the suite. */
export const tokenIssuer = 'mediai';
export const tokenAudience = 'mediai';

/** Life of a service's token, in seconds. */
export const serviceTokenSeconds = 300;

/** The longest life that an access token may be given: what it was given before a change of configuration counts too. */
export const longestAccessSeconds = 86_400;

/** What an access token says of its holder; `approuve` is false only for a médecin whom no admin has approved. */
export type TokenHolder = Pick<Account, 'id' | 'role' | 'isStaff' | 'isSuperuser' | 'etablissementId' | 'tokensValidFrom'> & { approuve: boolean };

type Sign = (claims: Record<string, unknown>) => string;
type Needs = { keyring: Pick<Keyring, 'signingKey'>; accessSeconds: number; clock: () => Date };

export type AccessTokens = {
  /** `at`: when the holder was found to be what the token says; the token counts from there, or from the instant from which the holder's tokens do. */
  forAccount: (holder: TokenHolder, at: Date) => Promise<string>;
  forService: (service: string) => Promise<string>;
};

/** Signs access tokens: JWT (RFC 7519), RS256, with `kid`; claims `iss, aud, sub, exp, iat, jti, role, is_staff, is_superuser, approuve, etablissement_id`. */
export function createAccessTokens({ keyring, accessSeconds, clock }: Needs): AccessTokens {
  let signer: { kid: string; sign: Sign } | undefined;

  function signerOf({ kid, privateKeyPem }: SigningKey): Sign {
    if (signer?.kid !== kid) signer = { kid, sign: createSigner({ algorithm: 'RS256', key: privateKeyPem, kid }) as Sign };
    return signer.sign;
  }

  async function sign(claims: Record<string, unknown>, fromMs: number, lifeSeconds: number): Promise<string> {
    const iat = Math.floor(fromMs / 1000);
    const signClaims = signerOf(await keyring.signingKey());
    return signClaims({ iss: tokenIssuer, aud: tokenAudience, jti: randomUUID(), iat, exp: iat + lifeSeconds, ...claims });
  }

  return {
    forAccount: ({ id, role, isStaff, isSuperuser, approuve, etablissementId, tokensValidFrom }, at) =>
      sign(
        { sub: String(id), role, is_staff: isStaff, is_superuser: isSuperuser, approuve, etablissement_id: etablissementId },
        Math.max(at.getTime(), tokensValidFrom?.getTime() ?? 0),
        accessSeconds,
      ),
    forService: (service) => sign({ sub: `service:${service}`, role: 'service' }, clock().getTime(), serviceTokenSeconds),
  };
}
