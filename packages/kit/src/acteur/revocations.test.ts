import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createSigner } from 'fast-jwt';
import { generateKeyPairSync } from 'node:crypto';
import { createTokenVerifier, type Revocation } from './index.ts';

const startMs = Date.parse('2026-11-24T08:00:00Z');
const startSeconds = startMs / 1000;
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' };
const signer = createSigner({ key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), algorithm: 'RS256', kid: 'k1' });

const sign = (claims: Record<string, unknown> = {}): string =>
  signer({ iss: 'mediai', aud: 'mediai', sub: '42', jti: 'j', role: 'patient', approuve: true, etablissement_id: 3, iat: startSeconds, exp: startSeconds + 7200, ...claims });

beforeEach(() => {
  jest.useFakeTimers({ now: startMs, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance', 'hrtime'] });
});
afterEach(() => {
  jest.useRealTimers();
});

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

function setUp() {
  const auth = { revocations: [] as Revocation[], polls: 0, ask: async (): Promise<void> => undefined };
  const verify = createTokenVerifier({
    issuer: 'mediai',
    audience: 'mediai',
    fetchJwks: async () => ({ keys: [jwk] }),
    fetchRevocations: async () => {
      auth.polls += 1;
      const revocations = [...auth.revocations];
      await auth.ask();
      return revocations;
    },
  });
  /** `ok`, or the kind of the refusal. */
  const outcome = (token: string): Promise<string> => verify(token).then(() => 'ok', (error: { kind: string }) => error.kind);
  return { auth, verify, outcome };
}

const hang = (): Promise<void> => new Promise(() => undefined);
const away = (): Promise<void> => Promise.reject(new Error('away'));

describe('a revoked token', () => {
  test.each([1_000, 10_000, 20_000, 60_000])('is refused within 60 s though it is remembered, asked every %i ms', async (everyMs) => {
    const { auth, outcome } = setUp();
    const token = sign();
    expect(await outcome(token)).toBe('ok');
    auth.revocations = [{ userId: 42, validFrom: startSeconds + 1 }];
    for (let passedMs = everyMs; passedMs <= 120_000; passedMs += everyMs) {
      await pass(everyMs);
      const seen = await outcome(token);
      if (passedMs >= 60_000) expect({ passedMs, seen }).toEqual({ passedMs, seen: 'unauthenticated' });
    }
  });

  test('is refused for that user, and only what was issued before', async () => {
    const { auth, outcome } = setUp();
    auth.revocations = [{ userId: 42, validFrom: startSeconds }];
    expect(await outcome(sign({ iat: startSeconds - 1 }))).toBe('unauthenticated');
    expect(await outcome(sign({ iat: startSeconds }))).toBe('ok');
    expect(await outcome(sign({ sub: '43', iat: startSeconds - 1 }))).toBe('ok');
  });

  test('counts again when auth takes the revocation back', async () => {
    const { auth, outcome } = setUp();
    auth.revocations = [{ userId: 42, validFrom: startSeconds + 1 }];
    expect(await outcome(sign())).toBe('unauthenticated');
    auth.revocations = [];
    await pass(60_000);
    expect(await outcome(sign())).toBe('ok');
  });

  test('shows nothing of it in the actor', async () => {
    const { verify } = setUp();
    const token = sign();
    expect(await verify(token)).toEqual({ id: 42, role: 'patient', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 3, token });
  });
});

describe('the list', () => {
  test('is polled by use, once in 15 s, by one call at a time', async () => {
    const { auth, outcome } = setUp();
    const ask = (): Promise<string[]> => Promise.all(Array.from({ length: 20 }, (_, index) => outcome(sign({ jti: String(index) }))));
    expect(new Set(await ask())).toEqual(new Set(['ok']));
    await pass(14_000);
    await ask();
    expect(auth.polls).toBe(1);
    await pass(2_000);
    await ask();
    expect(auth.polls).toBe(2);
    await pass(600_000);
    expect(auth.polls).toBe(2);
  });

  test('is not asked for the token of a service: auth asks itself nothing to answer one', async () => {
    const { auth, outcome } = setUp();
    auth.ask = hang;
    expect(await outcome(sign({ sub: 'service:ia', role: 'service' }))).toBe('ok');
    expect(auth.polls).toBe(0);
  });

  test('is not asked for a forged token', async () => {
    const { auth, outcome } = setUp();
    const [header, , signature] = sign().split('.');
    expect(await outcome(`${header}.${Buffer.from('{}').toString('base64url')}.${signature}`)).toBe('unauthenticated');
    expect(auth.polls).toBe(0);
  });
});

describe('an auth that hangs', () => {
  test('holds up nobody while the list is younger than 45 s', async () => {
    const { auth, outcome } = setUp();
    await outcome(sign());
    auth.ask = hang;
    await pass(44_000);
    expect(await outcome(sign())).toBe('ok');
    expect(auth.polls).toBe(2);
  });

  test('holds up the requests of one second, then nobody, and what is known goes on counting', async () => {
    const { auth, outcome } = setUp();
    const revoked = sign({ sub: '43' });
    auth.revocations = [{ userId: 43, validFrom: startSeconds + 1 }];
    await outcome(sign());
    auth.ask = hang;
    await pass(50_000);
    const seen: string[] = [];
    void outcome(sign()).then((each) => seen.push(each));
    await pass(900);
    expect(seen).toEqual([]);
    await pass(100);
    expect(seen).toEqual(['ok']);
    for (let second = 0; second < 60; second += 1) {
      await pass(1_000);
      expect([await outcome(sign()), await outcome(revoked)]).toEqual(['ok', 'unauthenticated']);
    }
    expect(auth.polls).toBeLessThan(10);
  });

  test('is found again when it answers', async () => {
    const { auth, outcome } = setUp();
    await outcome(sign());
    auth.ask = hang;
    await pass(50_000);
    void outcome(sign());
    await pass(11_000);
    auth.ask = async () => undefined;
    auth.revocations = [{ userId: 42, validFrom: startSeconds + 1 }];
    await outcome(sign());
    await pass(1_000);
    expect(await outcome(sign())).toBe('unauthenticated');
  });
});

describe('an auth that is away', () => {
  test('leaves the known list in force, costs no wait, and is asked again once a second', async () => {
    const { auth, outcome } = setUp();
    const revoked = sign({ sub: '43' });
    auth.revocations = [{ userId: 43, validFrom: startSeconds + 1 }];
    await outcome(sign());
    auth.ask = away;
    await pass(3_600_000);
    for (let tenth = 0; tenth < 50; tenth += 1) {
      expect([await outcome(sign()), await outcome(revoked)]).toEqual(['ok', 'unauthenticated']);
      await pass(100);
    }
    expect(auth.polls).toBeLessThanOrEqual(7);
    auth.ask = async () => undefined;
    auth.revocations = [{ userId: 42, validFrom: startSeconds + 1 }];
    await pass(6_000);
    expect([await outcome(sign()), await outcome(revoked)]).toEqual(['unauthenticated', 'ok']);
  });

  test('from the very start is unavailable: nobody is let in unchecked', async () => {
    const { auth, outcome } = setUp();
    auth.ask = away;
    expect(await outcome(sign())).toBe('unavailable');
    expect(await outcome(sign())).toBe('unavailable');
    expect(auth.polls).toBe(1);
    auth.ask = async () => undefined;
    await pass(1_000);
    expect(await outcome(sign())).toBe('ok');
  });
});
