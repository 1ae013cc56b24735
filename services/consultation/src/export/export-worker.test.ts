import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@mediai/kit/log';
import { parse } from 'csv-parse/sync';
import { createConsultationMetrics } from '../metrics.ts';
import { createExportWorker } from './export-worker.ts';
import { createMemoryExports, type MemoryExports } from './export-store.memory.ts';
import { COLONNES, createMemoryLignes, createTestDepot, nouvelExport } from './fixtures.memory.ts';
import { createRunExport } from './run-export.ts';

const clock = (): Date => new Date();
const log = createLogger({ service: 'consultation', level: 'silent' });
let exports: MemoryExports;
let depot: ReturnType<typeof createTestDepot>;
const arrets: (() => Promise<void>)[] = [];
beforeEach(() => {
  exports = createMemoryExports({ clock });
  depot = createTestDepot();
});
afterEach(async () => {
  for (const arreter of arrets.splice(0)) await arreter();
});

function demarrer({ onLignes = (): void => undefined, bailMs = 5_000 } = {}) {
  const metrics = createConsultationMetrics();
  const memoire = createMemoryLignes(10);
  /** As a database: an answer leaves time for others. */
  const lignes = { ...memoire, lire: async (...args: Parameters<typeof memoire.lire>) => new Promise((wake) => setTimeout(wake, 5)).then(() => memoire.lire(...args)) };
  let finis = 0;
  const run = createRunExport({
    exports, lignes, depot, colonnes: () => COLONNES, clock, onLignes, onErreur: () => undefined, lignesParSegment: 3,
    donneesPersonnelles: async function* () {
      yield Buffer.from('{}');
    },
  });
  const worker = createExportWorker({ exports, run, onEnd: () => void finis++, clock, log, metrics, bailMs, pollMs: 20 });
  worker.start();
  arrets.push(() => worker.stop(0));
  return { worker, metrics, lignes, fini: () => finis };
}
async function creer(plus = {}): Promise<number> {
  const creation = await exports.create(nouvelExport(plus), { actes: [] });
  return 'cree' in creation ? creation.cree.id : 0;
}
async function jusqua(convient: () => Promise<boolean>): Promise<void> {
  while (!(await convient())) await new Promise((wake) => setTimeout(wake, 5));
}
const termine = (id: number) => jusqua(async () => (await exports.find(id))?.status === 'completed');
const lignesDe = async (id: number) => (parse(depot.contenus.get((await exports.find(id))?.fichier_cle ?? '') ?? Buffer.alloc(0), { bom: true, columns: true }) as { id: string }[]).map((ligne) => ligne.id);

describe('the worker of exports', () => {
  it('makes what is asked for once it is woken, and tells it by its metrics, without a value in a label', async () => {
    const { worker, metrics, fini } = demarrer();
    const ids = [await creer(), await creer({ genre: 'personnel', export_format: 'json', created_by: 1 })];
    worker.wake();
    for (const id of ids) await termine(id);
    await jusqua(async () => fini() === 2);
    const texte = await metrics.registry.metrics();
    expect(texte).toContain('exports_running{service="consultation"} 0');
    expect(texte).toContain('tasks_total{task="export",state="succeeded",service="consultation"} 2');
  });

  it('of two processes makes every export once', async () => {
    const [une, autre] = [demarrer(), demarrer()];
    const ids = await Promise.all(Array.from({ length: 6 }, () => creer()));
    for (const { worker } of [une, autre]) worker.wake();
    for (const id of ids) await termine(id);
    await jusqua(async () => une.fini() + autre.fini() === 6);
    expect(depot.ecrits.length).toBe(6 * 5);
  });

  it('whose process stops in the middle leaves the rest to another, which goes on from there', async () => {
    const id = await creer();
    const arretee = Promise.withResolvers<void>();
    const premiere = demarrer({ onLignes: () => void premiere.worker.stop(0).then(arretee.resolve) });
    await arretee.promise;
    const laissee = await exports.find(id);
    expect([laissee?.status, [3, 6, 9].includes(laissee?.records_count ?? 0)]).toEqual(['running', true]);
    const autre = demarrer();
    await termine(id);
    expect(autre.lignes.lues[0]).toBe(laissee?.records_count);
    expect(await lignesDe(id)).toEqual(Array.from({ length: 10 }, (_, i) => String(i + 1)));
  });

  it('goes on with what a dead process held, when its lease has run out', async () => {
    const id = await creer();
    await exports.lease(clock(), 60);
    demarrer();
    await termine(id);
    expect(await lignesDe(id)).toHaveLength(10);
  });
});
