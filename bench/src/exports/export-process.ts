/** Makes one export, as the service does and with its code alone, in a process of its own; writes what it took as JSON. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { colonnesExport } from '@mediai/fiche';
import { openDatabase } from '../../../services/consultation/src/database-store.ts';
import { AUCUN_FILTRE, type FormatExport } from '../../../services/consultation/src/export/export.ts';
import { createExportStore } from '../../../services/consultation/src/export/export-store.ts';
import { createLignesFiches } from '../../../services/consultation/src/export/lignes-store.ts';
import { createRunExport } from '../../../services/consultation/src/export/run-export.ts';
import { createDisque } from '../../../services/consultation/src/fichier/disque-client.ts';

/** What was made and what it took; bytes and milliseconds. `warm` is the process before the rows of the export itself. */
export interface Mesure {
  readonly rows: number;
  readonly ms: number;
  readonly fileBytes: number;
  readonly warmRss: number;
  readonly peakRss: number;
}

const { databaseUrl, format, personnelles } = JSON.parse(process.argv[2] ?? '{}') as { databaseUrl: string; format: FormatExport; personnelles: boolean };
const clock = (): Date => new Date();
const database = openDatabase(databaseUrl);
const dossier = await mkdtemp(join(tmpdir(), 'mediai-bench-'));
const exports = createExportStore(database.db, { secret: '' });

async function exporter(fin: string): Promise<{ rows: number; fileBytes: number }> {
  await exports.create({ genre: 'fiches', etablissement_id: 1, created_by: 1, export_format: format, date_start: '2026-01-01', date_end: fin, include_personal_data: personnelles, filters: AUCUN_FILTRE }, { actes: [] });
  const bail = await exports.lease(new Date(Date.now() + 1_000), 3_600_000);
  if (!bail) throw new Error('nothing to take up');
  const run = createRunExport({
    exports, lignes: createLignesFiches(database.db), colonnes: colonnesExport, depot: createDisque({ dossier }), clock,
    donneesPersonnelles: async function* () {
      yield new Uint8Array();
    },
    onLignes: () => undefined, onErreur: (_, error) => console.error(error),
  });
  const issue = await run(bail, new AbortController().signal);
  const fini = await exports.find(bail.id);
  if (issue !== 'terminee' || !fini) throw new Error(`${format}: ${issue}`);
  return { rows: fini.records_count, fileBytes: fini.fichier_taille ?? 0 };
}

// The first days alone: what code and driver take once is not what rows take.
await exporter('2026-01-07');
globalThis.gc?.();
const warmRss = process.memoryUsage.rss();
let peakRss = warmRss;
const sonde = setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), 20);
const debut = performance.now();
const fait = await exporter('2026-12-31');
clearInterval(sonde);
process.stdout.write(`${JSON.stringify({ ...fait, ms: performance.now() - debut, warmRss, peakRss } satisfies Mesure)}\n`);
await database.close();
await rm(dossier, { recursive: true, force: true });
