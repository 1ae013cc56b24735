import { beforeEach, describe, expect, it, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { fixedClock, type FixedClock } from '@mediai/testing';
import { exigerGeste, type Geste } from '../acces/gestes.ts';
import { createMemoryJournal } from '../acces/journal.memory.ts';
import { admin, adminAilleurs, enAttente, medecin, patiente, autrePatient, service } from '../fiche/fixtures.memory.ts';
import type { Nom } from '../fiche/ports.ts';
import { createCreateExportPersonnel } from '../personne/create-export-personnel.ts';
import { createCreateExport } from './create-export.ts';
import { lireDemandeExport, type SaisieExport } from './demande-export.ts';
import { ERREURS, GARDE_MS } from './export.ts';
import { createMemoryExports, type MemoryExports } from './export-store.memory.ts';
import { createTestDepot } from './fixtures.memory.ts';
import { createReadExports, DES_FICHES, PERSONNELS, type ReadExports } from './read-exports.ts';
import { nomFichier } from './vue-export.ts';

const saisie = (plus: Partial<SaisieExport> = {}): SaisieExport => ({ export_format: 'csv', date_start: '2026-01-01', date_end: '2026-11-24', include_personal_data: false, filters: { status: [] }, ...plus });
const filters = (plus: Partial<SaisieExport['filters']>): Partial<SaisieExport> => ({ filters: { status: [], ...plus } });

describe('what is asked for', () => {
  const fautes = (plus: Partial<SaisieExport>): string[] => {
    try {
      lireDemandeExport(saisie(plus), '2026-11-24');
      return [];
    } catch (error) {
      return Object.keys((error as { fields: object }).fields);
    }
  };
  test.each<[Partial<SaisieExport>, string[]]>([
    [{}, []],
    [{ export_format: 'xml' }, ['export_format']],
    [{ export_format: 'constructor' }, ['export_format']],
    [{ date_start: '' }, ['date_start']],
    [{ date_end: '2026-02-30' }, ['date_end']],
    [{ date_end: '2026-11-25' }, ['date_end']],
    [{ date_start: '2027-01-01', date_end: 'x' }, ['date_start', 'date_end']],
    [{ date_start: '2026-11-24' }, []],
    [{ date_start: '2026-11-24', date_end: '2026-11-23' }, ['date_end']],
    [{ date_start: '2024-11-24' }, []],
    [{ date_start: '2024-11-23' }, ['date_end']],
    [filters({ status: ['valide_medecin', 'en_analyse'], age_min: 0, age_max: 150, sexe: 'F' }), []],
    [filters({ status: ['valide_medecin', 'autre'] }), ['filters.status']],
    [filters({ status: ['toString'] }), ['filters.status']],
    [filters({ age_min: -1, age_max: 151 }), ['filters.age_min', 'filters.age_max']],
    [filters({ age_min: 1.5 }), ['filters.age_min']],
    [filters({ age_min: 20, age_max: 10 }), ['filters.age_max']],
    [filters({ sexe: 'X' }), ['filters.sexe']],
    [filters({ sexe: '' }), []],
  ])('%j: %j refused', (plus, champs) => {
    expect(fautes(plus)).toEqual(champs);
  });

  it('may reach from a 29 February over two whole years', () => {
    expect(lireDemandeExport(saisie({ date_start: '2024-02-29', date_end: '2026-03-01' }), '2026-11-24')).toMatchObject({ date_start: '2024-02-29' });
  });
});

describe('exports', () => {
  let clock: FixedClock;
  let exports: MemoryExports;
  let depot: ReturnType<typeof createTestDepot>;
  let creer: ReturnType<typeof createCreateExport>;
  let creerPersonnel: ReturnType<typeof createCreateExportPersonnel>;
  let lire: ReadExports;
  let lirePersonnels: ReadExports;
  let reveils: number;

  beforeEach(() => {
    clock = fixedClock('2026-11-24T21:59:00Z');
    const journal = createMemoryJournal({ clock: clock.now });
    exports = createMemoryExports({ clock: clock.now, journal });
    depot = createTestDepot();
    reveils = 0;
    const annuaire = {
      etablissement: async (id: number) => ({ id, nom: 'Centre', telephoneUrgence: null, fuseau: 'Africa/Lubumbashi', consentementIa: 'presume' }),
      nommer: async (ids: readonly number[]) => new Map<number, Nom>(ids.map((id) => [id, { username: `user${id}`, nom: id === admin.id ? 'Marie Admin' : '' }])),
    };
    const onCreation = (): void => void reveils++;
    creer = createCreateExport({ exports, journal, annuaire, clock: clock.now, onCreation });
    creerPersonnel = createCreateExportPersonnel({ exports, journal, annuaire, onCreation });
    lire = createReadExports({ exports, annuaire, depot, clock: clock.now }, DES_FICHES);
    lirePersonnels = createReadExports({ exports, annuaire, depot, clock: clock.now }, PERSONNELS);
  });

  async function cree(plus: Partial<SaisieExport> = {}, acteur: Acteur = admin): Promise<number> {
    const reponse = await creer({ acteur, saisie: saisie(plus) });
    if (!('vue' in reponse)) throw new Error('replayed');
    return reponse.vue.job.id;
  }
  async function finir(id: number): Promise<void> {
    const bail = await exports.lease(clock.now(), 1_000);
    if (bail?.id !== id) throw new Error('another');
    const cle = `exports/${id}/fichier`;
    await depot.ecrire(cle, (async function* () {
      yield Buffer.from('id\r\n');
    })());
    await exports.terminer(bail, clock.now(), { cle, taille: 4, lignes: 0, expireLe: new Date(clock.now().getTime() + GARDE_MS) });
  }
  const texte = async (octets: AsyncIterable<Uint8Array>): Promise<string> => {
    let tout = '';
    for await (const morceau of octets) tout += Buffer.from(morceau).toString();
    return tout;
  };

  it("are asked for by admins of their établissement, until today as it is there, and wake who makes them", async () => {
    const reponse = await creer({ acteur: admin, saisie: saisie({ export_format: 'excel' }) });
    expect(reponse).toMatchObject({ vue: { createdByName: 'Marie Admin', fichier: null, job: { genre: 'fiches', etablissement_id: 1, created_by: admin.id, status: 'pending', progress: 0, export_format: 'excel' } } });
    expect(reveils).toBe(1);
    clock.advance(60_000); // midnight in Lubumbashi
    await expect(cree({ date_end: '2026-11-25' })).resolves.toBeGreaterThan(0);
    await expect(cree({ date_end: '2026-11-26' })).rejects.toMatchObject({ kind: 'invalid', code: 'export.invalide' });
  });

  it('are audited, and by a name of its own where personal data leave: when asked for and at each download', async () => {
    const id = await cree({ include_personal_data: true });
    await finir(id);
    await lire.download(admin, id);
    expect(exports.actes.map(({ action }) => action)).toEqual(['export.creer', 'export.donnees_personnelles', 'export.telecharger', 'export.donnees_personnelles']);
    exports.actes.length = 0;
    const autre = await cree();
    await finir(autre);
    await lire.download(admin, autre);
    expect(exports.actes.map(({ action }) => action)).toEqual(['export.creer', 'export.telecharger']);
  });

  it('asked for again under the same key are answered as the first time', async () => {
    const idempotence = { route: 'CreateExport', cle: 'k', corps: Buffer.from('a'), ecrire: ({ job }: { job: { id: number } }) => Buffer.from(String(job.id)) };
    const premiere = await creer({ acteur: admin, saisie: saisie(), idempotence });
    const encore = await creer({ acteur: admin, saisie: saisie(), idempotence });
    expect('rejouee' in encore && encore.rejouee.toString()).toBe('vue' in premiere && String(premiere.vue.job.id));
  });

  it('are there for the admins of their établissement alone; a try of others is noted', async () => {
    const id = await cree();
    await expect(lire.get(adminAilleurs, id)).rejects.toMatchObject({ kind: 'not_found', code: 'export.introuvable' });
    expect(exports.actes.at(-1)).toMatchObject({ action: 'export.lire', issue: 'refus', exportId: id });
    await expect(lire.get(admin, 999)).rejects.toMatchObject({ kind: 'not_found' });
    expect((await lire.list(adminAilleurs, { page: 1, pageSize: 20 })).vues).toEqual([]);
    expect((await lire.list(admin, { page: 0, pageSize: 0 })).vues.map(({ job }) => job.id)).toEqual([id]);
  });

  it('give their file under a name that tells no path, once it is there and for seven days', async () => {
    const id = await cree();
    await expect(lire.download(admin, id)).rejects.toMatchObject({ code: 'export.pas_pret' });
    await finir(id);
    expect((await lire.get(admin, id)).fichier).toBe(`fiches_20260101_20261124_${id}.csv`);
    const { octets, ...fichier } = await lire.download(admin, id);
    expect(fichier).toEqual({ nom: `fiches_20260101_20261124_${id}.csv`, typeMime: 'text/csv; charset=utf-8', taille: 4 });
    expect(await texte(octets)).toBe('id\r\n');
    clock.advance(GARDE_MS - 1);
    await expect(lire.download(admin, id)).resolves.toBeDefined();
    clock.advance(1);
    await expect(lire.download(admin, id)).rejects.toMatchObject({ kind: 'not_found', code: 'export.expire' });
  });

  it('whose file is gone before its time say the same', async () => {
    const id = await cree();
    await finir(id);
    depot.contenus.clear();
    await expect(lire.download(admin, id)).rejects.toMatchObject({ code: 'export.expire' });
  });

  it("of a person's own data are theirs alone, and one at a time", async () => {
    const une = await creerPersonnel({ acteur: patiente });
    const encore = await creerPersonnel({ acteur: patiente });
    expect([une.existant, encore.existant]).toEqual([false, true]);
    const id = 'vue' in une ? une.vue.job.id : 0;
    expect(encore).toMatchObject({ vue: { job: { id } } });
    for (const autre of [autrePatient, admin, medecin]) await expect(lirePersonnels.get(autre, id)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(lire.get(admin, id)).rejects.toMatchObject({ kind: 'not_found' });
    await finir(id);
    expect((await lirePersonnels.download(patiente, id)).nom).toBe(`mes_donnees_${id}.json`);
    expect((await lirePersonnels.list(patiente, { page: 1, pageSize: 20 })).vues).toHaveLength(1);
    expect((await creerPersonnel({ acteur: patiente })).existant).toBe(false);
  });

  it('have names of files by format', async () => {
    const id = await cree({ export_format: 'excel' });
    expect(nomFichier((await exports.find(id))!)).toBe(`fiches_20260101_20261124_${id}.xlsx`);
  });

  it('that failed say why in French, without a word of what broke', () => {
    for (const texteErreur of Object.values(ERREURS)) expect(texteErreur).toMatch(/^(L'export|Une partie)/);
  });
});

const PERSONNES: [string, Acteur][] = [['patient', patiente], ['medecin', medecin], ['en attente', enAttente], ['admin', admin], ['service', service('ia')]];
test.each<[Geste, string[]]>([
  ['export.creer', ['admin']], ['export.lister', ['admin']], ['export.lire', ['admin']], ['export.telecharger', ['admin']], ['effacement.lister', ['admin']], ['effacement.accepter', ['admin']], ['effacement.refuser', ['admin']],
  ...(['mes_donnees.exporter', 'mes_donnees.lister', 'mes_donnees.lire', 'mes_donnees.telecharger', 'effacement.demander', 'effacement.suivre'] as const).map((geste): [Geste, string[]] => [geste, ['patient', 'medecin', 'en attente', 'admin']]),
])('%s is for %j', (geste, qui) => {
  const permis = PERSONNES.filter(([, acteur]) => {
    try {
      exigerGeste(acteur, geste);
      return true;
    } catch {
      return false;
    }
  });
  expect(permis.map(([nom]) => nom)).toEqual(qui);
});
