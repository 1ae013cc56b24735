import { describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { backupLock } from '@mediai/db';
import { withClient } from '@mediai/db/admin';
import { useDatabase } from '../database.memory.ts';
import { cleDe } from './fichier.ts';
import { createFichierStore, garderFichier, relacherFichier } from './fichier-store.ts';
import { createMemoryFichiers } from './fichier-store.memory.ts';
import type { FichierDepose, FichierStore } from './ports.ts';

const database = useDatabase();

const depose = (id = randomUUID()): FichierDepose => ({ id, cle: cleDe(id), nom: 'Résultat.pdf', typeMime: 'application/pdf', extension: 'pdf', taille: 12, sha256: new Uint8Array(32).fill(7) });
type Cas = FichierStore & { garder: (depose: FichierDepose) => Promise<void>; relacher: (id: string) => Promise<void> };

function enMemoire(): Cas {
  const store = createMemoryFichiers({ clock: () => new Date() });
  return { ...store, garder: async (un) => store.garder(un), relacher: async (id) => store.relacher(id) };
}
const enBase = (): Cas => ({ ...createFichierStore(database.db), garder: (un) => database.db.$transaction((tx) => garderFichier(tx, un)), relacher: (id) => database.db.$transaction((tx) => relacherFichier(tx, id)) });
const dansUneHeure = (): Date => new Date(Date.now() + 3_600_000);

describe.each([['in memory', enMemoire], ['in PostgreSQL', enBase]])('the rows of files %s', (_nom, ouvrir) => {
  test('a file is there once it is kept, with all that is known of it', async () => {
    const store = ouvrir();
    const un = depose();
    await store.commencer(un.id, 1);
    expect(await store.find(un.id)).toBeUndefined();
    await store.garder(un);
    const trouve = await store.find(un.id);
    expect({ ...trouve, sha256: [...(trouve?.sha256 ?? [])] }).toEqual({ ...un, sha256: [...un.sha256] });
    expect(await store.aSupprimer(dansUneHeure(), 100)).not.toContain(un.id);
  });

  test('a released file is no more, may go at once, and is forgotten when its bytes are gone', async () => {
    const store = ouvrir();
    const un = depose();
    await store.commencer(un.id, 1);
    await store.garder(un);
    await store.relacher(un.id);
    expect(await store.find(un.id)).toBeUndefined();
    expect(await store.aSupprimer(new Date(0), 100)).toContain(un.id);
    await store.oublier(un.id);
    expect(await store.aSupprimer(dansUneHeure(), 100)).not.toContain(un.id);
  });

  test('what was begun may go after its time, and what has gone so can no longer be kept', async () => {
    const store = ouvrir();
    const un = depose();
    await store.commencer(un.id, 1);
    expect(await store.aSupprimer(new Date(0), 100)).not.toContain(un.id);
    expect(await store.aSupprimer(dansUneHeure(), 100)).toContain(un.id);
    await expect(store.garder(un)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(store.garder(depose())).rejects.toMatchObject({ kind: 'unavailable' });
    await store.oublier(un.id);
  });

  test('what was begun can be taken back, and then not be kept; what is kept cannot be taken back', async () => {
    const store = ouvrir();
    const [un, autre] = [depose(), depose()];
    for (const { id } of [un, autre]) await store.commencer(id, 1);
    await store.garder(autre);
    expect([await store.reprendre(un.id), await store.reprendre(un.id), await store.reprendre(autre.id), await store.reprendre(randomUUID())]).toEqual([true, false, false, false]);
    await expect(store.garder(un)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await store.aSupprimer(new Date(0), 100)).toContain(un.id);
    expect(await store.find(autre.id)).toBeDefined();
    for (const { id } of [un, autre]) await store.relacher(id).then(() => store.oublier(id));
  });

  test('a kept file is never forgotten, and is kept once', async () => {
    const store = ouvrir();
    const un = depose();
    await store.commencer(un.id, 1);
    await store.garder(un);
    await store.oublier(un.id);
    expect(await store.find(un.id)).toBeDefined();
    await expect(store.garder(un)).rejects.toMatchObject({ kind: 'unavailable' });
    await store.relacher(un.id);
    await store.relacher(un.id);
    await store.oublier(un.id);
  });
});

test('while a backup is under way nothing may go, and afterwards it may', async () => {
  const store = enBase();
  const un = depose();
  await store.commencer(un.id, 1);
  await store.garder(un);
  await store.relacher(un.id);
  await withClient(database.base.appUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [backupLock]);
    expect(await store.aSupprimer(dansUneHeure(), 100)).toEqual([]);
  });
  expect(await store.aSupprimer(dansUneHeure(), 100)).toContain(un.id);
  await store.oublier(un.id);
});
