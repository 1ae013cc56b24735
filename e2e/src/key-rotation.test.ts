import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { createCompte, must, type Compte } from './accounts.ts';
import { askEveryone, HEARD, REFUSED } from './attacks/everyone.ts';
import { readToken, unsigned } from './attacks/forge.ts';
import { login, loginSuperuser, until } from './client.ts';
import { openRpc, type CallRpc } from './rpc.ts';
import { suiteState, type SuiteState } from './suite.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const kidOf = (token: string): string => readToken(token).header.kid;
const publishedKids = async (): Promise<string[]> => (await must<{ keys: { kid: string }[] }>('GET', '/.well-known/jwks.json', undefined)).keys.map(({ kid }) => kid);

/** `npm run admin -- rotate-keys`, on the database of the suite under test. */
async function rotateKeys({ services, authKeySecret }: SuiteState): Promise<void> {
  const env = { ...process.env, NODE_OPTIONS: '', MEDIAI_MODE: 'test', MEDIAI_SKIP_INSTALL: '1', DATABASE_URL: services.auth.databaseUrl, AUTH_KEY_SECRET: authKeySecret };
  await promisify(execFile)(process.execPath, ['tools/dev/launch.mjs', 'admin', 'rotate-keys'], { cwd: ROOT, env });
}

/**
 * Lets the quarter of an hour pass for which a new key is only announced: everyone fetches the keys again, which they do
 * after ten minutes, or at once (every 5 s at most) for a key that they do not know; then its time has come.
 */
async function announcementIsOver({ services }: SuiteState, callRpc: CallRpc): Promise<void> {
  await new Promise((wake) => setTimeout(wake, 5500));
  expect(await askEveryone(unsigned({ alg: 'RS256', kid: 'inconnu' }, {}, 'AAAA'), callRpc)).toEqual(REFUSED);
  const client = new pg.Client({ connectionString: services.auth.databaseUrl });
  await client.connect();
  try {
    await client.query('UPDATE signing_key SET signs_from = least(signs_from, now()), retired_at = CASE WHEN retired_at IS NOT NULL THEN least(retired_at, now()) END');
  } finally {
    await client.end();
  }
}

describe('a new signing key', () => {
  it('takes over while requests run, and none is refused', async () => {
    const [rpc, superuser, state] = [await openRpc(), await loginSuperuser(), await suiteState()];
    const comptes = await Promise.all([1, 2, 3].map(() => createCompte(superuser, { role: 'medecin' })));
    const firstKid = kidOf(comptes[0]?.token ?? '');
    const over = new AbortController();
    const kids = new Set<string>();
    const refusals: unknown[] = [];
    let asked = 0;

    /** Asks everyone with the token of before and with one of now, again and again. */
    async function travel(compte: Compte): Promise<void> {
      while (!over.signal.aborted) {
        const token = await login(compte.username, compte.password).catch((error: unknown) => void refusals.push(String(error)));
        if (!token) continue;
        kids.add(kidOf(token));
        for (const one of [compte.token, token]) {
          const answers = await askEveryone(one, rpc.callRpc);
          asked += answers.length;
          if (JSON.stringify(answers) !== JSON.stringify(HEARD)) refusals.push({ kid: kidOf(one), answers });
        }
      }
    }
    const travelling = Promise.all(comptes.map(travel));
    try {
      await rotateKeys(state);
      const kid = await until('the new key, published', publishedKids, (all) => all.length > 1 && all.includes(firstKid));
      expect(kids).toEqual(new Set([firstKid]));
      await announcementIsOver(state, rpc.callRpc);
      await until('a token of the new key', async () => [...kids], (seen) => seen.some((one) => one !== firstKid && kid.includes(one)), 30_000);
      await new Promise((wake) => setTimeout(wake, 2000));
    } finally {
      over.abort();
      await travelling;
      rpc.close();
    }
    process.stdout.write(`key rotation: ${asked} requests, ${refusals.length} refused\n`);
    expect(refusals).toEqual([]);
    expect(await publishedKids()).toContain(firstKid);
  }, 120_000);
});
