import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { holdLock, type HeldLock } from '@mediai/db';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { createTenirDossier } from './tenir-dossier.ts';

let database: TestDatabase;
const held: (HeldLock | undefined)[] = [];
beforeAll(async () => void (database = await createTestDatabase('consultation')));
afterEach(async () => void (await Promise.all(held.splice(0).map((one) => one?.release()))));
afterAll(() => database.drop());

type Chosen = { MEDIAI_MODE?: 'demo' | 'production'; S3_BUCKET?: string; attente?: number };

async function replica({ attente = 0, ...chosen }: Chosen = {}): Promise<HeldLock | undefined> {
  const config = { MEDIAI_MODE: 'production' as const, CONSULTATION_FICHIERS_DIR: '/fichiers', S3_BUCKET: undefined, DATABASE_URL: database.appUrl, ...chosen };
  const one = await createTenirDossier({ config, holdLock, attente })(() => undefined);
  held.push(one);
  return one;
}

test('in production a second replica on a folder is refused, by a code that stays', async () => {
  expect(await replica()).toBeDefined();
  await expect(replica()).rejects.toMatchObject({ kind: 'conflict', code: 'fichier.dossier_tenu' });
});

test('a replacement takes the folder over when its predecessor ends', async () => {
  const former = await replica();
  const next = replica({ attente: 30_000 });
  await former?.release();
  expect(await next).toBeDefined();
});

test('with S3, and outside of production, replicas hold nothing', async () => {
  await replica();
  expect(await replica({ S3_BUCKET: 'fichiers' })).toBeUndefined();
  expect(await replica({ MEDIAI_MODE: 'demo' })).toBeUndefined();
});
