import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createCache, createSealedCache, type Cache, type SealedCache } from '@mediai/kit/cache';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { ficheComplete, testPart } from '@mediai/testing';
import { lireFiche, type FicheValeurs } from '@mediai/fiche';
import { useDatabase } from '../database.memory.ts';
import { nouvelleFiche } from './build-fiche.ts';
import { createFichesEnCache } from './fiche-cache.ts';
import type { Changement } from './fiche.ts';
import { createFicheStore } from './fiche-store.ts';
import { medecin, patiente } from './fixtures.memory.ts';
import type { FicheStore } from './ports.ts';
import { regles } from './regles.ts';

const maintenant = new Date('2026-11-24T08:15:30+02:00');
const edition = { acte: { acteur: medecin, action: 'fiche.editer' }, evenements: [{ type: 'FicheEdited' as const }] };

describe('fiches in the cache', () => {
  const database = useDatabase();
  let redis: Cache;
  let scelle: SealedCache;
  let store: FicheStore;
  let trouvees: number[];
  let lecture: ReturnType<typeof createFichesEnCache>;
  let id: number;

  beforeAll(async () => {
    redis = createCache({ url: testPart('redisUrl'), log: createLogger({ service: 'essai', level: 'silent' }), metrics: createMetrics('essai') });
    for (let essai = 0; redis.state() !== 'ok' && essai < 200; essai++) await new Promise((wake) => setTimeout(wake, 20));
  });
  afterAll(async () => {
    await redis.close();
  });

  beforeEach(async () => {
    scelle = createSealedCache({ cache: redis, secret: crypto.randomUUID(), scope: database.base.database });
    store = createFicheStore(database.db, { secret: '', clock: () => maintenant, committed: (types, ecrite) => ecrite && types.includes('FicheDeleted') && void lecture.oublier(ecrite.id, ecrite.version) });
    trouvees = [];
    const comptee = { version: store.version, find: (une: number) => (trouvees.push(une), store.find(une)) };
    lecture = createFichesEnCache({ fiches: comptee, cache: scelle });
    const valeurs = lireFiche(ficheComplete(), { complet: true, defauts: true }).valeurs as FicheValeurs;
    const circonstances = { numero: `C-${crypto.randomUUID()}`, user: 1, assignedMedecin: null, etablissementId: 1, taskId: crypto.randomUUID(), maintenant, jour: '2026-11-24', heure: '08:15:30' };
    const creation = await store.create(nouvelleFiche({ valeurs, aTrier: valeurs }, circonstances, regles.trier), { acte: { acteur: patiente, action: 'fiche.creer' }, evenements: [] });
    id = 'creee' in creation ? creation.creee.id : 0;
  });

  const ecrire = async (changement: Changement) => store.update((await store.find(id))!, changement, edition);
  /** The row is kept after it was answered: wait until it is. */
  const gardee = async (version: number): Promise<void> => {
    for (let essai = 0; essai < 100 && (await scelle.get(`fiche:${id}:${version}`)) === undefined; essai++) await new Promise((wake) => setTimeout(wake, 10));
  };

  it('a whole row is read once, and is what the database holds, every field of it', async () => {
    const premiere = await lecture.find(id);
    await gardee(1);
    expect(await lecture.find(id)).toEqual(premiere);
    expect(premiere).toEqual(await store.find(id));
    expect(trouvees).toEqual([id]);
  });

  it('what was written is read at once, by whoever wrote it, even where the cache has missed the write', async () => {
    await lecture.find(id);
    await gardee(1);
    await ecrire({ diagnostic: 'Angine' });
    expect(await lecture.find(id)).toMatchObject({ version: 2, diagnostic: 'Angine' });
    const sourd = createFicheStore(database.db, { secret: '', clock: () => maintenant, committed: () => undefined });
    await gardee(2);
    await sourd.update((await store.find(id))!, { diagnostic: 'Grippe' }, edition);
    expect(await lecture.find(id)).toMatchObject({ version: 3, diagnostic: 'Grippe' });
  });

  it('of 200 writes and readings between each other none is read too late', async () => {
    for (let version = 1; version <= 200; version++) {
      await ecrire({ diagnostic: `avis ${version}` });
      const [une, autre] = await Promise.all([lecture.find(id), lecture.find(id)]);
      expect([une?.diagnostic, autre?.diagnostic]).toEqual([`avis ${version}`, `avis ${version}`]);
    }
  });

  it('a deletion drops what it has made old, and is seen at once', async () => {
    await lecture.find(id);
    await gardee(1);
    await store.update((await store.find(id))!, {}, { ...edition, evenements: [{ type: 'FicheDeleted' }] }, { suppression: 'faire' });
    expect(await lecture.find(id)).toBeUndefined();
    for (let essai = 0; essai < 100 && (await scelle.get(`fiche:${id}:1`)) !== undefined; essai++) await new Promise((wake) => setTimeout(wake, 10));
    expect(await scelle.get(`fiche:${id}:1`)).toBeUndefined();
  });

  it('without a cache every answer is the same', async () => {
    const sans = createFichesEnCache({ fiches: store, cache: createSealedCache({ cache: createCache({ url: undefined, log: createLogger({ service: 'essai', level: 'silent' }), metrics: createMetrics('essai') }), secret: 's', scope: 's' }) });
    expect(await sans.find(id)).toEqual(await store.find(id));
    expect(await sans.find(2_000_000_000)).toBeUndefined();
  });
});
