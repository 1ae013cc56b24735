import { beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { createCompte, createEtablissement, must, nextSlot } from '../accounts.ts';
import { call, loginSuperuser, until } from '../client.ts';
import { conversationOf, postFiche } from '../fiche.ts';
import { gatewayUrl } from '../suite.ts';
import { readTargets, withText, type Target } from '../openapi.ts';

/** Texts that have broken others: no text for PostgreSQL, no text at all, SQL, HTML, a template, direction marks, a long one. */
const HOSTILE: Record<string, string> = {
  NUL: 'Mwamba\u0000Kalonji',
  'lone surrogate': 'Mwamba \ud83d',
  SQL: `'; DROP TABLE users; --`,
  'SQL that is true': `' OR '1'='1' /* %00 */`,
  HTML: '<img src=x onerror=alert(1)>',
  template: '${7*7}{{7*7}}%s%n',
  'direction marks': '\u202egnp.\u2066exe\ufeff',
  prototype: '__proto__',
};
/** Where one field at a time is tried even in a form of a hundred. */
const NEVER_TEXT = ['NUL', 'lone surrogate'];
const LONG_FORM = 20;

/** Not the address of honest people: failed logins make it wait. */
const FROM = { 'x-forwarded-for': '203.0.113.66' };

interface Sent {
  readonly target: Target;
  readonly what: string;
  readonly path: string;
  readonly body?: unknown;
}

describe('what a client may send', () => {
  let targets: Target[];
  let tokens: string[];
  let ids: Record<string, number>;

  beforeAll(async () => {
    targets = await readTargets();
    const superuser = await loginSuperuser();
    const sortes = [{ role: 'patient' }, { role: 'medecin' }, { role: 'patient', admin: true }, { role: 'medecin', admin: true, superuser: true }] as const;
    const comptes = await Promise.all(sortes.map((sorte) => createCompte(superuser, sorte)));
    tokens = comptes.map(({ token }) => token);
    const { body: fiche } = await postFiche(tokens[0] ?? '');
    const { start, end } = nextSlot();
    const rendezVous = await must<{ id: number }>('POST', '/api/v1/appointments/', tokens[0], { requested_start: start.toISOString(), requested_end: end.toISOString() });
    const conversation = await until('the conversation', () => conversationOf(tokens[0] ?? '', fiche.id), (found) => found !== undefined);
    ids = { 'fiche-consultation': fiche.id, appointments: rendezVous.id, conversations: conversation?.id ?? 0, users: (await createCompte(superuser, { role: 'patient' })).id, medecins: comptes[1]?.id ?? 0, etablissements: await createEtablissement(superuser) };
  }, 60_000);

  /** The path about an object that the patient, the médecin and the admin may see. */
  function pathOf({ path }: Target, id?: string): string {
    return path.replaceAll(/([\w-]+)\/\{\w+\}/g, (_all, collection: string) => `${collection}/${id ?? ids[collection] ?? 1}`);
  }

  /** Asks as each sort of account until one is heard. @returns in words what was answered with a fault of the server's own */
  async function faultsOf(all: Sent[]): Promise<string[]> {
    const faults: string[] = [];
    const queue = all.values();
    await Promise.all(Array.from({ length: 12 }, async () => {
      for (const { target, what, path, body } of queue) {
        for (const token of target.isPublic ? [undefined] : tokens) {
          const answer = await call(target.method, path, { token, body, headers: FROM });
          const isOurs = answer.status < 500 && (answer.status < 400 || answer.headers.get('content-type')?.startsWith('application/problem+json'));
          if (!isOurs) faults.push(`${target.method} ${path.slice(0, 120)} with ${what}: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 200)}`);
          if (answer.status < 300) break;
        }
      }
    }));
    return faults;
  }

  it.each(Object.entries(HOSTILE))('%s in every text of every body', async (name, text) => {
    const sent = targets.flatMap((target) => {
      const { body, texts } = target;
      if (!body || texts.length === 0) return [];
      const everywhere: Sent = { target, what: `${name} everywhere`, path: pathOf(target), body: texts.reduce((whole, one) => withText(whole, one, text), body) };
      const single = texts.length <= LONG_FORM || NEVER_TEXT.includes(name);
      return [everywhere, ...(single ? texts : []).map((one): Sent => ({ target, what: `${name} in ${one.join('.')}`, path: pathOf(target), body: withText(body, one, text) }))];
    });
    expect(sent.length).toBeGreaterThan(10);
    expect(await faultsOf(sent)).toEqual([]);
  }, 120_000);

  it('another type in every field of every body', async () => {
    const others: unknown[] = [[], {}, { toString: 1 }, -1, 1e308, 2 ** 53, true, null, '', 'x'.repeat(30_000)];
    const sent = targets.flatMap((target) => (target.body ? others.map((other): Sent => ({ target, what: `${JSON.stringify(other).slice(0, 20)} everywhere`, path: pathOf(target), body: Object.fromEntries(Object.keys(target.body ?? {}).map((name) => [name, other])) })) : []));
    expect(await faultsOf(sent)).toEqual([]);
  }, 120_000);

  it('a body that is no object', async () => {
    const sent = targets.flatMap((target) => (target.body ? [[], [[]], 'texte', 0, true, null].map((body): Sent => ({ target, what: JSON.stringify(body), path: pathOf(target), body })) : []));
    expect(await faultsOf(sent)).toEqual([]);
  });

  it('NUL, broken UTF-8, SQL and numbers out of range in every parameter', async () => {
    const words = ['%00', '__proto__', 'constructor', '%ED%A0%80', '%FF', "'%20OR%201=1--", '-1', '0', '99999999999999999999', '1e3', 'NaN', '%F0%9F%92%8A', 'a'.repeat(3000)];
    const sent = targets
      .filter(({ method }) => method === 'GET')
      .flatMap((target) => [
        ...(target.path.includes('{') ? words.map((word): Sent => ({ target, what: 'id', path: pathOf(target, word) })) : []),
        ...target.query.flatMap((name) => words.map((word): Sent => ({ target, what: name, path: `${pathOf(target)}?${name}=${word}` }))),
        ...target.query.map((name): Sent => ({ target, what: `${name} twice`, path: `${pathOf(target)}?${name}=1&${name}=2&${name}[x]=3` })),
      ]);
    expect(await faultsOf(sent)).toEqual([]);
  });

  it('headers that mean nothing', async () => {
    const headers: Record<string, string>[] = [{ 'idempotency-key': 'x'.repeat(5000) }, { 'idempotency-key': 'é' }, { 'if-match': '"99999999999"' }, { 'if-match': 'W/' }, { 'x-access-reason': '%E0%A4%A' }, { 'x-access-reason': '%00' }, { 'x-request-id': "'; --" }, { traceparent: '00-zz' }, { 'content-type': 'application/json; charset=utf-16' }, { accept: 'x/' }];
    const faults: string[] = [];
    for (const header of headers) {
      for (const { method, path } of [{ method: 'POST', path: `/api/v1/fiche-consultation/${ids['fiche-consultation']}/validate/` }, { method: 'GET', path: `/api/v1/fiche-consultation/${ids['fiche-consultation']}/` }]) {
        const answer = await call(method, path, { token: tokens[1], headers: header, ...(method === 'POST' ? { body: {} } : {}) });
        if (answer.status >= 500) faults.push(`${method} with ${JSON.stringify(header).slice(0, 60)}: ${answer.status}`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('10 MB to every operation with a body: refused before they are read', async () => {
    const statuses = await Promise.all(targets.filter(({ body }) => body).map((target) => sendPieces(1, target, tokens.at(-1) ?? '', 'content-length: 10485760')));
    expect(statuses.length).toBeGreaterThan(10);
    expect([...new Set(statuses)]).toEqual([413]);
  });

  it('a body whose length is not told: cut off once it is more than 1 MB', async () => {
    const target = targets.find(({ path, method }) => method === 'POST' && path === '/api/v1/fiche-consultation/');
    if (!target) throw new Error('no POST of fiches');
    expect(await sendPieces(17, target, tokens[0] ?? '', 'transfer-encoding: chunked')).toBe(413);
  });

  it('and everybody is well afterwards', async () => {
    const health = await call<{ status: string }>('GET', '/api/health/');
    expect([health.status, health.body.status]).toEqual([200, 'healthy']);
    for (const token of tokens) expect((await must<{ is_active: boolean }>('GET', '/api/v1/auth/me/', token)).is_active).toBe(true);
  });
});

/**
 * Sends so many pieces of 64 kB of a body that is or would be 10 MB, then waits for the answer: whoever waits for the rest
 * before answering never answers here.
 * @param length the header that tells its length, or that none is told
 * @returns the status
 */
function sendPieces(pieces: number, { method, path }: Target, token: string, length: string): Promise<number> {
  const { hostname, port } = new URL(gatewayUrl());
  const piece = `10000\r\n${'x'.repeat(0x1_0000)}\r\n`;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once('data', (answer: Buffer) => {
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer.toString('latin1'))?.[1]));
      socket.destroy();
    });
    socket.on('error', reject).on('close', () => reject(new Error('no answer')));
    socket.write(`${method} ${path.replaceAll(/\{\w+\}/g, '1')} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\n${length}\r\n\r\n${piece.repeat(pieces)}`);
  });
}
