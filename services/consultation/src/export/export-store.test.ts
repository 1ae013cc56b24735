import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fixedClock } from '@mediai/testing';
import { useDatabase } from '../database.memory.ts';
import { admin, patiente } from '../fiche/fixtures.memory.ts';
import { actesDe } from './create-export.ts';
import type { ExportJob } from './export.ts';
import { createExportStore } from './export-store.ts';
import { createMemoryExports } from './export-store.memory.ts';
import { nouvelExport } from './fixtures.memory.ts';
import { ECRITURE_MS, type ExportStore, type IdempotenceExport } from './ports.ts';

const bailMs = 15_000;
const clock = fixedClock('2026-11-24T08:15:30.120Z');
const database = useDatabase();

const idem = (cle: string, corps: string): IdempotenceExport => ({ acteurId: admin.id, route: 'CreateExport', cle, corps: Buffer.from(corps), ecrire: ({ id }) => Buffer.from(`export ${id}`) });

describe.each([
  ['in memory', async (): Promise<ExportStore> => createMemoryExports({ clock: clock.now })],
  ['in PostgreSQL', async (): Promise<ExportStore> => {
    for (const table of ['export_objet', 'export_job']) await database.db.$executeRawUnsafe(`DELETE FROM ${table}`);
    return createExportStore(database.db, { secret: 'a secret of tests only' });
  }],
])('the store of exports %s', (_, ouvrir) => {
  let store: ExportStore;
  beforeEach(async () => {
    store = await ouvrir();
    clock.advance(1_000);
  });

  async function creer(plus: Parameters<typeof nouvelExport>[0] = {}): Promise<ExportJob> {
    const nouvel = nouvelExport(plus);
    const creation = await store.create(nouvel, { actes: actesDe(admin, 'export.creer', nouvel) });
    if (!('cree' in creation)) throw new Error('not made');
    clock.advance(1_000); // what the database says of its own time is past
    return creation.cree;
  }
  async function prendre() {
    const bail = await store.lease(clock.now(), bailMs);
    if (!bail) throw new Error('nothing to take up');
    return bail;
  }
  /** In the future of the database's own clock. */
  beforeAll(() => clock.set(new Date(Date.now() + 60_000).toISOString()));

  it('gives back what was stored, every field of it', async () => {
    const plus = { include_personal_data: true, filters: { status: ['valide_medecin'], age_min: 1, age_max: 90, sexe: 'F' } } as const;
    const job = await creer(plus);
    expect(job).toMatchObject({ ...nouvelExport(plus), status: 'pending', progress: 0, records_total: null, records_count: 0, fichier_cle: null, fichier_taille: null, erreur_code: null, started_at: null, completed_at: null, expire_le: null });
    expect(await store.find(job.id)).toEqual(job);
    expect(await store.find(job.id + 1_000)).toBeUndefined();
  });

  it('answers a repeated call with the first answer, and refuses another body', async () => {
    const une = await store.create(nouvelExport(), { actes: [], idempotence: idem(`k${_}`, 'a') });
    const encore = await store.create(nouvelExport(), { actes: [], idempotence: idem(`k${_}`, 'a') });
    expect('cree' in une && 'rejouee' in encore && Buffer.from(encore.rejouee).toString()).toBe('cree' in une && `export ${une.cree.id}`);
    await expect(store.create(nouvelExport(), { actes: [], idempotence: idem(`k${_}`, 'b') })).rejects.toMatchObject({ kind: 'unprocessable' });
  });

  it("makes one export of a person's own data at a time, and the next when it has ended", async () => {
    const personnel = nouvelExport({ genre: 'personnel', created_by: patiente.id, export_format: 'json', date_start: null, date_end: null });
    const une = await store.create(personnel, { actes: [] });
    if (!('cree' in une)) throw new Error('not made');
    expect(await store.create(personnel, { actes: [] })).toEqual({ existant: une.cree });
    expect(await store.create({ ...personnel, created_by: 2 }, { actes: [] })).toHaveProperty('cree');
    clock.advance(1_000);
    const bail = await prendre();
    await store.echouer(bail, clock.now(), 'export.echec');
    expect(await store.create({ ...personnel, created_by: bail.created_by }, { actes: [] })).toHaveProperty('cree');
  });

  it('lists by kind, établissement and person, newest first', async () => {
    const [un, deux] = [await creer(), await creer()];
    await creer({ etablissement_id: 2 });
    const mien = await creer({ genre: 'personnel', created_by: patiente.id });
    const page = { page: 1, pageSize: 20 };
    expect(await store.list({ genre: 'fiches', etablissementId: 1, ...page })).toEqual({ exports: [deux, un], count: 2, countExact: true });
    expect((await store.list({ genre: 'fiches', etablissementId: 1, page: 2, pageSize: 1 })).exports).toEqual([un]);
    expect((await store.list({ genre: 'personnel', createdBy: patiente.id, ...page })).exports).toEqual([mien]);
    expect((await store.list({ genre: 'personnel', createdBy: admin.id, ...page })).exports).toEqual([]);
  });

  it('leases each export to one, the oldest first, until the lease runs out', async () => {
    const [un, deux] = [await creer(), await creer()];
    const [a, b] = await Promise.all([prendre(), prendre()]);
    expect([a.id, b.id].sort((x, y) => x - y)).toEqual([un.id, deux.id]);
    expect(a).toMatchObject({ status: 'running', essais: 1, borne_id: null, curseur_id: 0, segments: 0, started_at: clock.now() });
    expect(await store.lease(clock.now(), bailMs)).toBeUndefined();
    clock.advance(10_000);
    expect(await store.renew(a, clock.now(), bailMs)).toBe(true);
    clock.advance(10_000);
    const repris = await prendre();
    expect(repris).toMatchObject({ id: b.id, essais: 2, started_at: b.started_at });
    expect(await store.renew(b, clock.now(), bailMs)).toBe(false);
  });

  it('keeps nothing of who lost the lease', async () => {
    await creer();
    const perdu = await prendre();
    clock.advance(bailMs + 1);
    await prendre();
    expect(await store.commencer(perdu, { total: 1, borne: 1 })).toBe(false);
    expect(await store.annoncer(perdu, 'exports/x', clock.now())).toBe(false);
    expect(await store.garderSegment(perdu, { cle: 'exports/x', lignes: 1, rang: 1, curseur: 1, progression: 50 })).toBe(false);
    expect(await store.terminer(perdu, clock.now(), { cle: 'exports/x', taille: 1, lignes: 1, expireLe: clock.now() })).toBe(false);
    expect(await store.echouer(perdu, clock.now(), 'export.echec')).toBe(false);
    await store.reporter(perdu, clock.now(), { compter: true });
    expect(await store.find(perdu.id)).toMatchObject({ status: 'running', records_total: null, records_count: 0, progress: 0 });
    expect(await store.listSegments(perdu.id)).toEqual([]);
  });

  it('keeps segments with their place; who comes next goes on behind them, and progress never falls', async () => {
    const job = await creer({ include_personal_data: true });
    const bail = await prendre();
    await store.commencer(bail, { total: 10, borne: 40 });
    for (const [rang, progression] of [[1, 60], [2, 50]] as const) {
      await store.annoncer(bail, `exports/${job.id}/${rang}`, clock.now());
      await store.garderSegment(bail, { cle: `exports/${job.id}/${rang}`, lignes: 3, rang, curseur: rang * 10, progression }, { acteur: admin, fiches: [{ id: rang, etablissement_id: 1 }] });
    }
    expect(await store.find(job.id)).toMatchObject({ records_total: 10, records_count: 6, progress: 60 });
    expect(await store.listSegments(job.id)).toEqual([1, 2].map((rang) => ({ cle: `exports/${job.id}/${rang}`, lignes: 3 })));
    await store.reporter(bail, new Date(clock.now().getTime() + 5_000), { compter: true });
    expect(await store.lease(clock.now(), bailMs)).toBeUndefined();
    clock.advance(5_000);
    expect(await prendre()).toMatchObject({ id: job.id, essais: 1, borne_id: 40, curseur_id: 20, segments: 2 });
  });

  it('ends with a file: segments go at once, what is still in the writing after its time, the file at its own', async () => {
    const job = await creer();
    const bail = await prendre();
    for (const cle of ['s', 'mort', 'f']) await store.annoncer(bail, `${job.id}/${cle}`, clock.now());
    await store.garderSegment(bail, { cle: `${job.id}/s`, lignes: 1, rang: 1, curseur: 1, progression: 90 });
    const expireLe = new Date(clock.now().getTime() + 2 * ECRITURE_MS);
    expect(await store.terminer(bail, clock.now(), { cle: `${job.id}/f`, taille: 123, lignes: 1, expireLe })).toBe(true);
    expect(await store.find(job.id)).toMatchObject({ status: 'completed', progress: 100, fichier_cle: `${job.id}/f`, fichier_taille: 123, records_count: 1, completed_at: clock.now(), expire_le: expireLe });
    expect(await store.lease(clock.now(), bailMs)).toBeUndefined();
    const dus = async () => (await store.aSupprimer(clock.now(), 10)).toSorted();
    expect(await dus()).toEqual([`${job.id}/s`]);
    await store.oublier(`${job.id}/s`);
    clock.advance(ECRITURE_MS);
    expect(await dus()).toEqual([`${job.id}/mort`]);
    clock.advance(ECRITURE_MS);
    expect(await dus()).toEqual([`${job.id}/f`, `${job.id}/mort`]);
  });

  it('holds what is being written for as long as the lease is renewed', async () => {
    const job = await creer();
    const bail = await prendre();
    await store.annoncer(bail, `${job.id}/long`, clock.now());
    clock.advance(ECRITURE_MS - 1);
    await store.renew(bail, clock.now(), bailMs);
    clock.advance(ECRITURE_MS - 1);
    expect(await store.aSupprimer(clock.now(), 10)).toEqual([]);
  });
});

it('audits who asked, and that personal data leave, in the act itself', async () => {
  const store = createExportStore(database.db, { secret: 's' });
  const nouvel = nouvelExport({ include_personal_data: true });
  const creation = await store.create(nouvel, { actes: actesDe(admin, 'export.creer', nouvel) });
  const id = 'cree' in creation ? creation.cree.id : 0;
  const bail = await store.lease(new Date(Date.now() + 3_600_000), bailMs);
  expect(bail?.id).toBe(id);
  await store.annoncer(bail!, `${id}/s`, new Date());
  await store.garderSegment(bail!, { cle: `${id}/s`, lignes: 1, rang: 1, curseur: 77, progression: 1 }, { acteur: admin, fiches: [{ id: 77, etablissement_id: 1 }] });
  const lignes = await database.db.audit.findMany({ where: { OR: [{ objet_type: 'export', objet_id: String(id) }, { objet_id: '77' }] }, orderBy: { id: 'asc' } });
  expect(lignes.map(({ action, acteur_id, acteur_role, objet_type, etablissement_id }) => [action, acteur_id, acteur_role, objet_type, etablissement_id])).toEqual([
    ['export.creer', admin.id, 'admin', 'export', 1],
    ['export.donnees_personnelles', admin.id, 'admin', 'export', 1],
    ['fiche.exporter', admin.id, 'admin', 'fiche', 1],
  ]);
});
