import { afterAll, describe, expect, it } from '@jest/globals';
import { invalid, unauthenticated } from '@mediai/kit/errors';
import { testPart } from '@mediai/testing';
import { Redis } from 'ioredis';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { medecin, startWorld, token, type World } from '../fake-services.memory.ts';

const FICHES = '/api/v1/fiche-consultation/';
const TOKEN = '/api/v1/auth/token/';
const small = { MEDIAI_THROTTLES: 'on', THROTTLE_ANONYMOUS: '3/min', THROTTLE_USER: '10/min', THROTTLE_VALIDATE: '2/h', THROTTLE_RELANCER: '2/h', THROTTLE_CONVERSATION_MESSAGES: '2/min', THROTTLE_SEND: '2/h', THROTTLE_WEBHOOK: '5/min', THROTTLE_SIGNATURE: '5/min' };

const worlds = new Map<string, World>();
afterAll(async () => {
  for (const { app } of worlds.values()) await app.close();
});

/** The gateway so configured, started once, and asked by Redis where it has one. */
async function start(env: Record<string, string> = {}): Promise<World> {
  const name = JSON.stringify(env);
  const world = worlds.get(name) ?? (await startWorld({ ...small, ...env }));
  if (!worlds.has(name) && env['REDIS_URL'] === testPart('redisUrl')) await untilCounted(world);
  worlds.set(name, world);
  world.forget();
  return world;
}

async function untilCounted(world: World): Promise<void> {
  const redis = new Redis(testPart('redisUrl'));
  try {
    for (const until = Date.now() + 10_000; Date.now() < until; await sleep(30)) {
      const claims = newUser();
      await world.send('GET', FICHES, { claims });
      if ((await redis.exists(`mediai:throttle:user:${claims.sub}`)) === 1) return;
    }
  } finally {
    redis.disconnect();
  }
  throw new Error('Redis was never asked');
}

/** Nobody else's: the counts of a Redis outlive a test. */
const newUser = () => ({ ...medecin, sub: String(randomInt(1_000_000, 2 ** 31 - 1)) });
const newAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
const limits = ({ headers }: { headers: Record<string, unknown> }) => [headers['ratelimit-limit'], headers['ratelimit-remaining'], headers['ratelimit-reset']].map(Number);

describe.each<[string, () => Record<string, string>]>([
  ['in Redis', () => ({ REDIS_URL: testPart('redisUrl') })],
  ['with Redis dead', () => ({ REDIS_URL: 'redis://127.0.0.1:9' })],
  ['without Redis', () => ({})],
])('limits, %s', (_where, env) => {
  it('of an address hold before a public call, with headers, and a 429 that says when', async () => {
    const { app, calls } = await start(env());
    const ask = (remoteAddress: string) => app.inject({ method: 'POST', url: TOKEN, payload: { username: 'a', password: 'b' }, remoteAddress });
    const address = newAddress();
    expect(limits(await ask(address))).toEqual([3, 2, 60]);
    await Promise.all([ask(address), ask(address)]);
    const refused = await ask(address);
    expect([refused.statusCode, refused.headers['content-type']]).toEqual([429, expect.stringContaining('application/problem+json')]);
    expect(refused.json()).toMatchObject({ code: 'requete.trop_frequente', status: 429, title: 'Trop de requêtes', detail: expect.stringMatching(/^Trop de requêtes : réessayez dans \d+ s\.$/) });
    expect(limits(refused).slice(0, 2)).toEqual([3, 0]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
    expect(calls).toHaveLength(3);
    expect((await ask(newAddress())).statusCode).toBe(200);
  });

  it.each([
    ['validate', 'POST', `${FICHES}12/validate/`],
    ['relancer', 'POST', `${FICHES}12/relancer/`],
    ['messages of a conversation', 'GET', '/api/v1/conversations/1/messages/'],
    ['sends', 'POST', `${FICHES}12/send-whatsapp/`],
  ] as const)('%s have their own beside the general one', async (_scope, method, url) => {
    const { send } = await start(env());
    const claims = newUser();
    expect(limits(await send(method, url, { claims })).slice(0, 2)).toEqual([2, 1]);
    await send(method, url, { claims });
    expect((await send(method, url, { claims })).statusCode).toBe(429);
    expect(limits(await send('GET', FICHES, { claims })).slice(0, 2)).toEqual([10, 6]);
    expect((await send(method, url, { claims: newUser() })).statusCode).toBeLessThan(300);
  });

  it('of a user are exceeded by no number of parallel requests', async () => {
    const { send, calls } = await start(env());
    const claims = newUser();
    const answers = await Promise.all(Array.from({ length: 30 }, () => send('GET', `${FICHES}12/`, { claims })));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(10);
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(20);
    expect(calls).toHaveLength(10);
  });
});

describe('what is counted', () => {
  it('a failed token counts for the address, so that guessing ends; who has a sound one goes on from the same address', async () => {
    const { app, send } = await start();
    const remoteAddress = newAddress();
    const guess = () => app.inject({ method: 'GET', url: FICHES, headers: { authorization: `Bearer ${token({ exp: 1 })}` }, remoteAddress });
    const answers = await Promise.all(Array.from({ length: 5 }, guess));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401, 429, 429]);
    expect((await app.inject({ method: 'GET', url: FICHES, remoteAddress })).statusCode).toBe(429);
    expect((await send('GET', FICHES, { claims: newUser(), remoteAddress })).statusCode).toBe(200);
  });

  it("a reset's code is a message sent: limited by address", async () => {
    const { app } = await start();
    const remoteAddress = newAddress();
    const ask = () => app.inject({ method: 'POST', url: '/api/v1/auth/password/reset/', payload: { username: 'jean' }, remoteAddress });
    expect([(await ask()).statusCode, (await ask()).statusCode, (await ask()).statusCode]).toEqual([200, 200, 429]);
  });

  it('what Twilio calls has a limit of its own, by address, and is under no other', async () => {
    const { app } = await start();
    const remoteAddress = newAddress();
    const tell = (canal: string) => app.inject({ method: 'POST', url: `/api/v1/webhooks/twilio/${canal}/`, payload: 'MessageSid=SM1', headers: { 'content-type': 'application/x-www-form-urlencoded' }, remoteAddress });
    const answers = await Promise.all(['whatsapp', 'sms', 'whatsapp', 'sms', 'sms', 'whatsapp'].map(tell));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await app.inject({ method: 'POST', url: TOKEN, payload: { username: 'a', password: 'b' }, remoteAddress })).statusCode).toBe(200);
  });

  it('signatures that pages show to a whole clinic keep nobody there from logging in, and end as well', async () => {
    const { app } = await start();
    const remoteAddress = newAddress();
    const show = () => app.inject({ method: 'GET', url: '/api/v1/signatures/AAAA-_bb/', remoteAddress });
    const answers = await Promise.all(Array.from({ length: 6 }, show));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await app.inject({ method: 'POST', url: TOKEN, payload: { username: 'a', password: 'b' }, remoteAddress })).statusCode).toBe(200);
  });

  it('an error counts as a success does', async () => {
    const world = await start();
    const claims = newUser();
    world.failure = invalid({ x: ['non'] });
    expect(limits(await world.send('GET', FICHES, { claims })).slice(0, 2)).toEqual([10, 9]);
    world.failure = unauthenticated();
    expect(limits(await world.send('GET', FICHES, { claims })).slice(0, 2)).toEqual([10, 8]);
  });

  it('the address is the peer\'s unless the peer is a trusted proxy', async () => {
    const ask = ({ app }: World, forwarded: string) => app.inject({ method: 'POST', url: TOKEN, payload: { username: 'a', password: 'b' }, remoteAddress: '10.9.9.9', headers: { 'x-forwarded-for': forwarded } });
    const plain = await start({ GATEWAY_TRUSTED_PROXIES: '' });
    for (const forwarded of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) await ask(plain, forwarded);
    expect((await ask(plain, '4.4.4.4')).statusCode).toBe(429);
    expect(plain.calls.map(({ options }) => options['adresse'])).toEqual(['10.9.9.9', '10.9.9.9', '10.9.9.9']);
    const behind = await start({ GATEWAY_TRUSTED_PROXIES: '10.9.9.0/24' });
    for (const forwarded of ['1.1.1.1', '2.2.2.2', '3.3.3.3', 'fausse, 4.4.4.4']) expect(limits(await ask(behind, forwarded))[1]).toBe(2);
    expect(behind.calls.map(({ options }) => options['adresse'])).toEqual(['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4']);
  });

  it.each(['/', '/api/health/', '/api/schema/', '/api/docs/', '/api/redoc/', '/.well-known/jwks.json'])('%s never is', async (url) => {
    const { app } = await start();
    for (let request = 0; request < 6; request += 1) expect((await app.inject({ method: 'GET', url })).statusCode).toBeLessThan(400);
    expect((await app.inject({ method: 'GET', url })).headers['ratelimit-limit']).toBeUndefined();
  });

  it('nor is a preflight; and a page may read why it was refused', async () => {
    const { app } = await start();
    const origin = 'http://localhost:5173';
    const remoteAddress = newAddress();
    for (let request = 0; request < 6; request += 1) expect((await app.inject({ method: 'OPTIONS', url: TOKEN, remoteAddress, headers: { origin, 'access-control-request-method': 'POST' } })).statusCode).toBe(204);
    const answers = [];
    for (let request = 0; request < 4; request += 1) answers.push(await app.inject({ method: 'POST', url: TOKEN, payload: { username: 'a', password: 'b' }, remoteAddress, headers: { origin } }));
    const refused = answers.at(-1);
    expect([refused?.statusCode, refused?.headers['access-control-allow-origin']]).toEqual([429, origin]);
    expect(refused?.headers['access-control-expose-headers']).toContain('ratelimit-remaining');
  });

  it('nothing is when limits are off', async () => {
    const { send } = await start({ MEDIAI_THROTTLES: 'off' });
    const claims = newUser();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('GET', FICHES, { claims })));
    expect(answers.every(({ statusCode, headers }) => statusCode === 200 && headers['ratelimit-limit'] === undefined)).toBe(true);
  });
});

describe('Redis', () => {
  it('holds no address', async () => {
    const url = testPart('redisUrl');
    const { app } = await start({ REDIS_URL: url });
    const redis = new Redis(url);
    const remoteAddress = newAddress();
    const before = new Set(await redis.keys('mediai:throttle:anonymous:*'));
    await app.inject({ method: 'POST', url: TOKEN, payload: { username: 'a', password: 'b' }, remoteAddress });
    const added = (await redis.keys('mediai:throttle:anonymous:*')).filter((key) => !before.has(key));
    redis.disconnect();
    expect(added.length).toBeGreaterThan(0);
    for (const key of added) expect(key).toMatch(/^mediai:throttle:anonymous:[\w-]{22}$/);
  });
});

describe('the documentation', () => {
  it('says 429 of every limited call', async () => {
    const { app } = await start({ MEDIAI_THROTTLES: 'off' });
    const { paths } = (await app.inject({ method: 'GET', url: '/api/schema/' })).json() as { paths: Record<string, Record<string, { responses: object }>> };
    const silent = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).filter(([, { responses }]) => !('429' in responses)).map(([method]) => `${method} ${path}`));
    expect(silent).toEqual(['get /api/health/', 'get /.well-known/jwks.json']);
  });
});
