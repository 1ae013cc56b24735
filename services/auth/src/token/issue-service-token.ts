import { createHash, timingSafeEqual } from 'node:crypto';
import { unauthenticated } from '@mediai/kit/errors';
import { serviceTokenSeconds, type AccessTokens } from './access-token.ts';

type Needs = { accessTokens: Pick<AccessTokens, 'forService'>; secrets: ReadonlyMap<string, string> };

/** A token of role `service` for 5 minutes in exchange for a service's secret, compared in constant time; throws `unauthenticated`. */
export function createIssueServiceToken({ accessTokens, secrets }: Needs) {
  return async (service: string, secret: string): Promise<{ token: string; expiresInSeconds: number }> => {
    const expected = secrets.get(service);
    const same = timingSafeEqual(digest(secret), digest(expected ?? ''));
    if (!same || !expected) throw unauthenticated('auth.service_refuse', 'Service ou secret invalide.');
    return { token: await accessTokens.forService(service), expiresInSeconds: serviceTokenSeconds };
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
