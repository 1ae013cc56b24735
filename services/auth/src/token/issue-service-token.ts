import { createHash, timingSafeEqual } from 'node:crypto';
import { unauthenticated } from '@mediai/kit/errors';
import { serviceTokenSeconds, type AccessTokens } from './access-token.ts';

type Needs = {
  accessTokens: Pick<AccessTokens, 'forService'>;
  /** Those that are taken, by service: two while one takes the other's place. */
  secrets: ReadonlyMap<string, readonly string[]>;
};

/** A token of role `service` for 5 minutes in exchange for one of a service's secrets, compared in constant time; throws `unauthenticated`. */
export function createIssueServiceToken({ accessTokens, secrets }: Needs) {
  return async (service: string, secret: string): Promise<{ token: string; expiresInSeconds: number }> => {
    const given = digest(secret);
    const isOneOf = (secrets.get(service) ?? []).map((expected) => timingSafeEqual(given, digest(expected))).includes(true);
    if (!isOneOf) throw unauthenticated('auth.service_refuse', 'Service ou secret invalide.');
    return { token: await accessTokens.forService(service), expiresInSeconds: serviceTokenSeconds };
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
