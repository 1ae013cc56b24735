import { beforeEach, describe, expect, it, test } from '@jest/globals';
import { unavailable } from '@mediai/kit/errors';
import { fixedClock, type FixedClock } from '@mediai/testing';
import { parse } from 'csv-parse/sync';
import { ESSAIS_MAX, GARDE_MS, type ExportEnBail } from './export.ts';
import { createMemoryExports, type MemoryExports } from './export-store.memory.ts';
import { COLONNES, CREE_LE, createTestDepot, createMemoryLignes, nouvelExport } from './fixtures.memory.ts';
import { ECRITURE_MS } from './ports.ts';
import { createRunExport } from './run-export.ts';
import { createSweepExports } from './sweep-exports.ts';

const bailMs = 15_000;
let clock: FixedClock;
let exports: MemoryExports;
let depot: ReturnType<typeof createTestDepot>;
let lignes: ReturnType<typeof createMemoryLignes>;
let erreurs: unknown[];
let gardees: number;

beforeEach(() => {
  clock = fixedClock('2026-11-24T08:00:00Z');
  exports = createMemoryExports({ clock: clock.now });
  depot = createTestDepot();
  lignes = createMemoryLignes(10);
  erreurs = [];
  gardees = 0;
});

type Plus = Partial<Parameters<typeof createRunExport>[0]>;
const courir = (plus: Plus = {}) =>
  createRunExport({
    exports, lignes, depot, colonnes: () => COLONNES, clock: clock.now, lignesParSegment: 3,
    donneesPersonnelles: async function* () {
      yield Buffer.from('{"compte":{}}');
    },
    onLignes: (n) => {
      gardees += n;
    },
    onErreur: (_, error) => void erreurs.push(error),
    ...plus,
  });
const sweep = () => createSweepExports({ exports, depot, clock: clock.now })();
const toujours = new AbortController().signal;

async function creer(plus: Parameters<typeof nouvelExport>[0] = {}): Promise<number> {
  const creation = await exports.create(nouvelExport(plus), { actes: [] });
  if (!('cree' in creation)) throw new Error('not made');
  return creation.cree.id;
}
async function prendre(): Promise<ExportEnBail> {
  const bail = await exports.lease(clock.now(), bailMs);
  if (!bail) throw new Error('nothing to take up');
  return bail;
}
async function contenu(id: number): Promise<Record<string, string>[]> {
  const cle = (await exports.find(id))?.fichier_cle ?? '';
  return parse(depot.contenus.get(cle) ?? Buffer.alloc(0), { bom: true, columns: true }) as Record<string, string>[];
}
const TOUTES = Array.from({ length: 10 }, (_, i) => ({ id: String(i + 1), motif_consultation: `motif ${i + 1}`, created_at: CREE_LE.toISOString() }));

describe('an export', () => {
  it('holds every row once, in order, and ends with its file alone', async () => {
    const id = await creer();
    expect(await courir()(await prendre(), toujours)).toBe('terminee');
    expect(await contenu(id)).toEqual(TOUTES);
    expect(await exports.find(id)).toMatchObject({ status: 'completed', progress: 100, records_total: 10, records_count: 10, started_at: clock.now(), completed_at: clock.now(), expire_le: new Date(clock.now().getTime() + GARDE_MS) });
    expect(gardees).toBe(10);
    await sweep();
    expect([...depot.contenus.keys()]).toEqual([(await exports.find(id))?.fichier_cle]);
  });

  it('holds no row that came after it began', async () => {
    const id = await creer();
    const enCours = courir({ onLignes: () => lignes.ajouter(5) });
    await enCours(await prendre(), toujours);
    expect(await contenu(id)).toEqual(TOUTES);
  });

  it('of nothing is an empty table', async () => {
    lignes = createMemoryLignes(0);
    const id = await creer();
    expect(await courir()(await prendre(), toujours)).toBe('terminee');
    expect(await contenu(id)).toEqual([]);
    expect(await exports.find(id)).toMatchObject({ status: 'completed', progress: 100, records_count: 0 });
  });

  it("tells the patients of fiches that leave with personal data, and of no others'", async () => {
    await creer({ include_personal_data: true });
    await courir()(await prendre(), toujours);
    expect(exports.lectures.flatMap(({ fiches }) => fiches.map(({ id }) => id))).toEqual(TOUTES.map(({ id }) => Number(id)));
    exports.lectures.length = 0;
    await creer();
    await courir()(await prendre(), toujours);
    expect(exports.lectures).toEqual([]);
  });

  it("of a person's own data is one document", async () => {
    const id = await creer({ genre: 'personnel', export_format: 'json', created_by: 1 });
    expect(await courir()(await prendre(), toujours)).toBe('terminee');
    expect(depot.contenus.get((await exports.find(id))?.fichier_cle ?? '')?.toString()).toBe('{"compte":{}}');
  });

  it('is deleted after seven days; the export stays', async () => {
    const id = await creer();
    await courir()(await prendre(), toujours);
    clock.advance(GARDE_MS);
    await sweep();
    expect(depot.contenus.size).toBe(0);
    expect(await exports.find(id)).toMatchObject({ status: 'completed' });
  });
});

/** Where a process may die: each point is a call of a port, before or after its effect. */
const POINTS = ['commencer', 'annoncer', 'ecrire', 'garderSegment', 'terminer'] as const;
const MORT = new Error('killed');

describe.each(POINTS)('a process that dies at %s', (point) => {
  test.each(
    (['before', 'after'] as const).flatMap((moment) => [1, 2, 3, 4, 5].map((fois) => [moment, fois] as const)),
  )('%s its effect, the %dth time: another goes on from the last kept segment, progress never falls, nothing is left over', async (moment, fois) => {
    const id = await creer();
    const bail = await prendre();
    let appels = 0;
    /** The process is dead from then on: nothing it calls has an effect. */
    let mort = false;
    const mourant = <F extends (...args: never[]) => Promise<unknown>>(nom: string, vrai: F): F =>
      (async (...args: never[]) => {
        if (mort) throw MORT;
        const ici = nom === point && ++appels === fois;
        if (ici && moment === 'before') {
          mort = true;
          throw MORT;
        }
        const rendu = await vrai(...args);
        if (ici) {
          mort = true;
          throw MORT;
        }
        return rendu;
      }) as F;
    const portes = Object.fromEntries(Object.entries(exports).filter(([, membre]) => typeof membre === 'function').map(([nom, membre]) => [nom, mourant(nom, membre as never)]));
    const mourir = courir({ exports: portes as never, depot: { ecrire: mourant('ecrire', depot.ecrire), lire: depot.lire } });
    await mourir(bail, toujours).catch(() => undefined);
    const apres = await exports.find(id);
    const finie = apres?.status === 'completed';

    clock.advance(bailMs + 1);
    lignes.lues.length = 0;
    if (!finie) {
      const repris = await prendre();
      expect(repris.curseur_id).toBe(apres?.records_count ?? -1);
      expect(await courir()(repris, toujours)).toBe('terminee');
      expect(lignes.lues[0]).toBe(repris.curseur_id);
    }
    expect(await contenu(id)).toEqual(TOUTES);
    expect((await exports.find(id))?.progress).toBe(100);
    clock.advance(ECRITURE_MS);
    await sweep();
    expect([...depot.contenus.keys()]).toEqual([(await exports.find(id))?.fichier_cle]);
    expect(exports.objets.size).toBe(1);
  });
});

describe('two processes', () => {
  it('whose lease was lost writes nothing any more', async () => {
    const id = await creer();
    const perdu = await prendre();
    clock.advance(bailMs + 1);
    const tenu = await prendre();
    expect(await courir()(perdu, toujours)).toBe('perdue');
    expect(await courir()(tenu, toujours)).toBe('terminee');
    expect(await courir()(perdu, toujours)).toBe('perdue');
    expect(await contenu(id)).toEqual(TOUTES);
    clock.advance(ECRITURE_MS);
    await sweep();
    expect(depot.contenus.size).toBe(1);
  });

  it('do not take up the same export', async () => {
    await creer();
    await prendre();
    expect(await exports.lease(clock.now(), bailMs)).toBeUndefined();
  });
});

describe('what is needed no more', () => {
  it('goes, though one of it cannot be deleted', async () => {
    await creer();
    await courir()(await prendre(), toujours);
    const [premier] = [...depot.contenus.keys()];
    const tetu = { ...depot, supprimer: async (cle: string) => (cle === premier ? Promise.reject(unavailable()) : depot.supprimer(cle)) };
    await expect(createSweepExports({ exports, depot: tetu, clock: clock.now })()).rejects.toMatchObject({ kind: 'unavailable' });
    expect([...depot.contenus.keys()]).toEqual([premier, depot.ecrits.at(-1)]);
    await sweep();
    expect([...depot.contenus.keys()]).toEqual([depot.ecrits.at(-1)]);
  });
});

describe('what goes wrong', () => {
  it('is given back at once when the process must stop, without counting as an attempt', async () => {
    await creer();
    const arret = new AbortController();
    const bail = await prendre();
    const enCours = courir({ onLignes: () => arret.abort() });
    expect(await enCours(bail, arret.signal)).toBe('reportee');
    const repris = await prendre();
    expect(repris).toMatchObject({ essais: 1, curseur_id: 3, segments: 1, records_count: 3, progress: 28 });
    expect(erreurs).toEqual([]);
  });

  it('is tried again after a pause, some times, then ends the export with a code', async () => {
    const id = await creer();
    depot.enPanne = true;
    for (let essai = 1; essai < ESSAIS_MAX; essai++) {
      expect(await courir()(await prendre(), toujours)).toBe('reportee');
      expect(await exports.lease(clock.now(), bailMs)).toBeUndefined();
      clock.advance(300_000);
    }
    expect(await courir()(await prendre(), toujours)).toBe('echouee');
    expect(await exports.find(id)).toMatchObject({ status: 'failed', erreur_code: 'export.indisponible', fichier_cle: null });
    clock.advance(ECRITURE_MS);
    await sweep();
    expect([depot.contenus.size, exports.objets.size]).toEqual([0, 0]);
  });

  it('of the code itself is told in general words only', async () => {
    const id = await creer();
    const rompues = { ...lignes, lire: async () => Promise.reject(new Error('column "nom" of Kabila')) };
    for (let essai = 1; essai <= ESSAIS_MAX; essai++) {
      await courir({ lignes: rompues })(await prendre(), toujours);
      clock.advance(300_000);
    }
    expect(await exports.find(id)).toMatchObject({ status: 'failed', erreur_code: 'export.echec' });
    expect(erreurs).toHaveLength(ESSAIS_MAX);
  });

  it('ends an export whose process died too often', async () => {
    const id = await creer();
    for (let essai = 1; essai <= ESSAIS_MAX; essai++) {
      await prendre();
      clock.advance(bailMs + 1);
    }
    expect(await courir()(await prendre(), toujours)).toBe('echouee');
    expect(await exports.find(id)).toMatchObject({ status: 'failed', erreur_code: 'export.interrompu' });
  });

  it('starts the count of attempts anew with each segment that is kept', async () => {
    await creer();
    const uneFois = { ...depot, ecrire: async (cle: string, octets: AsyncIterable<Uint8Array>) => (depot.ecrits.length > 0 ? Promise.reject(unavailable()) : depot.ecrire(cle, octets)) };
    await prendre();
    clock.advance(bailMs + 1);
    await courir({ depot: uneFois })(await prendre(), toujours);
    clock.advance(300_000);
    expect(await prendre()).toMatchObject({ essais: 1, segments: 1 });
  });
});
