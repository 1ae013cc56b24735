import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, fixedClock, type TestDatabase } from '@mediai/testing';
import { openDatabase, type Database } from '../database-store.ts';
import { endSessions } from './end-sessions-store.ts';
import { createRunOnce } from '../idempotence/idempotence-store.ts';
import { createCloseSessionStore } from './close-session-store.ts';
import { createLogout } from './logout.ts';
import { hashRefreshToken, newRefreshToken } from './refresh-token.ts';
import { createSessionStore } from './session-store.ts';
import { createUseRefreshToken } from './use-refresh-token.ts';

/**
 * 10 000 replays of refresh tokens at random, on PostgreSQL, sixteen stories at a time. A story is one family with a clock of
 * its own: its owner goes on in one tab or several, some are robbed, some log out, some are deactivated meanwhile. A failure
 * names the seed: `REPLAYS_SEED=… jest src/token/replays.test.ts` plays the same again.
 */
const seed = Number(process.env['REPLAYS_SEED'] ?? 20_260_302);
const replays = 10_000;
const stories = 320;
const atOnce = 16;
const refreshSeconds = 604_800;

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase('auth');
  database = openDatabase(testDatabase.appUrl);
  await database.db.etablissement.create({ data: { id: 1, nom: 'Hôpital' } });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

type Fate = 'honnete' | 'vole' | 'deconnecte' | 'desactive';
type Family = { index: number; fate: Fate; familyId: string; userId: number; thefts: number };

/** An owner, perhaps a thief, and what they hold. */
async function tell({ index, fate, userId, familyId, thefts }: Family): Promise<void> {
  const random = mulberry32(seed + index);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const clock = fixedClock('2026-03-02T08:00:00Z');
  const sessions = { ...createSessionStore(database.db), ...createCloseSessionStore(database.db, createRunOnce('a-key')) };
  const needs = { sessions, accessTokens: { forAccount: async () => 'access', forService: async () => 'service' }, refreshSeconds, clock: clock.now, counted: () => undefined };
  const useToken = createUseRefreshToken(needs);
  const use = (token: string, rotate: boolean) => useToken(token, rotate).then((tokens) => tokens.refresh ?? token, () => undefined);
  const told = (what: string, value: unknown) => ({ seed, index, fate, what, value });

  const first = newRefreshToken();
  await database.db.$transaction(async (tx) => {
    await tx.refreshFamily.create({ data: { id: familyId, user_id: userId, created_at: clock.now() } });
    await tx.refreshToken.create({ data: { token_hash: hashRefreshToken(first), family_id: familyId, issued_at: clock.now(), expires_at: new Date(clock.now().getTime() + refreshSeconds * 1000) } });
  });
  /** One token for each tab of the owner, and all those that were exchanged for others. */
  const tabs = [first];
  const spent: string[] = [];

  /** What an honest client does: every answer must be a token. */
  async function goOn(): Promise<void> {
    clock.advance(10_001 + Math.floor(random() * 3_600_000));
    const tab = Math.floor(random() * tabs.length);
    const token = tabs[tab] as string;
    const way = random();
    if (way < 0.2) return expect(told('without rotation', await Promise.all([use(token, false), use(token, false)]))).toEqual(told('without rotation', [token, token]));
    spent.push(token);
    if (way < 0.5) {
      const both = await Promise.all([use(token, true), use(token, true)]);
      clock.advance(Math.floor(random() * 10_000));
      const late = await use(token, true);
      expect(told('tabs', [...both, late].every((next) => next !== undefined))).toEqual(told('tabs', true));
      tabs.splice(tab, 1, ...([both[0], pick([both[1], late])] as string[]));
      return;
    }
    const next = await use(token, true);
    expect(told('rotation', next !== undefined)).toEqual(told('rotation', true));
    tabs[tab] = next as string;
  }

  const steps = 2 + Math.floor(random() * 4);
  for (let step = 0; step < steps || spent.length === 0; step += 1) await goOn();
  if (fate === 'honnete') return;

  clock.advance(10_001);
  if (fate === 'deconnecte') {
    const acteur = { id: userId, role: 'patient', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: '' } as const;
    const [, raced] = await Promise.all([createLogout(needs)(acteur, pick(tabs)), use(pick(tabs), true)]);
    if (raced) tabs.push(raced);
  }
  if (fate === 'desactive') {
    const [, ...raced] = await Promise.all([deactivate(userId, clock.now()), ...tabs.map((token) => use(token, pick([true, false])))]);
    tabs.push(...raced.filter((token) => token !== undefined));
  }
  if (fate === 'vole') {
    // The thieves come together, while the owner goes on in every tab.
    const thieves = Promise.all([1, 2, 3].map(() => use(pick(spent), random() < 0.8)));
    const raced = await Promise.all(tabs.map((token) => use(token, true)));
    expect(told('theft', await thieves)).toEqual(told('theft', [undefined, undefined, undefined]));
    for (const token of raced) if (token) tabs.push(token);
  }
  for (let done = fate === 'vole' ? 3 : 0; done < thefts; done += 8) {
    const burst = await Promise.all(Array.from({ length: Math.min(8, thefts - done) }, () => use(pick(random() < 0.7 ? spent : tabs), random() < 0.8)));
    expect(told('burst', burst.filter((token) => token !== undefined))).toEqual(told('burst', []));
  }
  for (const token of tabs) expect(told('the owner', [await use(token, true), await use(token, false)])).toEqual(told('the owner', [undefined, undefined]));
}

/** What an admin's deactivation does: the account closed and its sessions ended in one transaction. */
async function deactivate(userId: number, at: Date): Promise<void> {
  await database.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 AS one FROM users WHERE id = ${userId}::int FOR UPDATE`;
    await endSessions(tx, userId, 'compte', at);
    await tx.user.update({ where: { id: userId }, data: { is_active: false } });
  });
}

test('of 10 000 replays at random every robbed family dies, audited once, and no honest one', async () => {
  const random = mulberry32(seed);
  const fates = Array.from({ length: stories }, (): Fate => {
    const draw = random();
    return draw < 0.3 ? 'honnete' : draw < 0.85 ? 'vole' : draw < 0.93 ? 'deconnecte' : 'desactive';
  });
  const robbed = fates.filter((fate) => fate !== 'honnete').length;
  await database.db.user.createMany({
    data: fates.map((_, index) => ({ id: 1 + index, username: `u${index}`, username_key: `u${index}`, password_hash: '!', role: 'patient', etablissement_id: 1 })),
  });
  let left = replays;
  const families = fates.map((fate, index): Family => {
    const thefts = fate === 'honnete' ? 0 : Math.ceil(replays / robbed);
    left -= thefts;
    return { index, fate, familyId: crypto.randomUUID(), userId: 1 + index, thefts };
  });
  expect(left).toBeLessThanOrEqual(0);

  const waiting = [...families];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let family = waiting.shift(); family; family = waiting.shift()) await tell(family);
  }));

  const { db } = database;
  const revoked = new Map((await db.refreshFamily.findMany()).map(({ id, revoked_reason }) => [id, revoked_reason]));
  const lines = await db.audit.findMany({ where: { action: 'jeton.reutilisation' } });
  const reasons = { honnete: null, vole: 'reutilisation', deconnecte: 'deconnexion', desactive: 'compte' } as const;
  for (const { index, fate, familyId, userId } of families) {
    const own = lines.filter(({ objet_id }) => objet_id === familyId);
    expect({ seed, index, fate, reason: revoked.get(familyId), lines: own.map(({ issue, raison }) => [issue, raison]) }).toEqual({
      seed, index, fate, reason: reasons[fate], lines: fate === 'vole' ? [['refus', `users ${userId}`]] : [],
    });
  }
}, 120_000);

/** A small seeded generator of numbers from 0 to 1. */
function mulberry32(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
