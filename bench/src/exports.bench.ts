/**
 * What an export costs: all fiches of an établissement in each format, from the first row read to the file on disk, and
 * what it takes of memory: of the whole process, in a heap of 80 MB, with all of its code. `BENCH_FICHES=100000` for
 * another size than 500 000.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { colonnesExport, lireFiche, type FicheValeurs } from '@mediai/fiche';
import { createTestDatabase, ficheComplete, multiplyRow } from '@mediai/testing';
import { openDatabase } from '../../services/consultation/src/database-store.ts';
import { AUCUN_FILTRE, FORMATS_EXPORT, type FormatExport } from '../../services/consultation/src/export/export.ts';
import { createExportStore } from '../../services/consultation/src/export/export-store.ts';
import { createLignesFiches } from '../../services/consultation/src/export/lignes-store.ts';
import { createRunExport } from '../../services/consultation/src/export/run-export.ts';
import { createSweepExports } from '../../services/consultation/src/export/sweep-exports.ts';
import { createDisque } from '../../services/consultation/src/fichier/disque-client.ts';
import { nouvelleFiche } from '../../services/consultation/src/fiche/build-fiche.ts';
import { createFicheStore } from '../../services/consultation/src/fiche/fiche-store.ts';
import { regles } from '../../services/consultation/src/fiche/regles.ts';
import { markdownTable } from './table.ts';

/** The heap that the whole process gets: who needs more as rows come ends with an error. */
const TAS = ['--max-old-space-size=80', '--max-semi-space-size=2'];
if (!TAS.every((flag) => process.execArgv.includes(flag))) {
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...TAS, import.meta.filename], { stdio: 'inherit' });
  process.exit(status ?? 1);
}

const fiches = Number(process.env['BENCH_FICHES'] ?? 500_000);
const clock = (): Date => new Date();
const base = await createTestDatabase('consultation');
const database = openDatabase(base.appUrl);
const dossier = await mkdtemp(join(tmpdir(), 'mediai-bench-'));
const depot = createDisque({ dossier });
const exports = createExportStore(database.db, { secret: '' });

/** One fiche as people write them, and copies of it over a year. */
async function remplir(): Promise<void> {
  const valeurs = lireFiche(ficheComplete(), { complet: true, defauts: true }).valeurs as FicheValeurs;
  const circonstances = { numero: 'BENCH-1', user: 1, assignedMedecin: null, etablissementId: 1, taskId: crypto.randomUUID(), maintenant: clock(), jour: '2026-01-01', heure: '08:00:00' };
  await createFicheStore(database.db, { secret: '', clock, committed: () => undefined }).create(nouvelleFiche({ valeurs, aTrier: valeurs }, circonstances, regles.trier), { acte: { acteur: null, action: 'fiche.creer' }, evenements: [] });
  await multiplyRow(base.ownerUrl, { table: 'fiche_consultation', where: "numero_dossier = 'BENCH-1'", count: fiches - 1, ecarts: { numero_dossier: "'N-' || g", user: '1000 + g / 40', date_consultation: "date '2026-01-01' + g % 300" } });
}

const enMo = (octets: number): string => `${(octets / 1024 ** 2).toFixed(1)} MB`;

/** One export, of the first days alone where it only warms up: what code and driver take once is not what rows take. */
async function mesurer(format: FormatExport, personnelles: boolean, fin = '2026-12-31'): Promise<string[]> {
  globalThis.gc?.();
  const avant = process.memoryUsage.rss();
  let sommet = avant;
  const sonde = setInterval(() => (sommet = Math.max(sommet, process.memoryUsage.rss())), 20);
  await exports.create({ genre: 'fiches', etablissement_id: 1, created_by: 1, export_format: format, date_start: '2026-01-01', date_end: fin, include_personal_data: personnelles, filters: AUCUN_FILTRE }, { actes: [] });
  const bail = await exports.lease(new Date(Date.now() + 1_000), 3_600_000);
  if (!bail) throw new Error('nothing to take up');
  const run = createRunExport({
    exports, lignes: createLignesFiches(database.db), colonnes: colonnesExport, depot, clock,
    donneesPersonnelles: async function* () {
      yield new Uint8Array();
    },
    onLignes: () => undefined, onErreur: (_, error) => console.error(error),
  });
  const debut = performance.now();
  const issue = await run(bail, new AbortController().signal);
  const secondes = (performance.now() - debut) / 1_000;
  clearInterval(sonde);
  const fini = await exports.find(bail.id);
  if (issue !== 'terminee' || !fini || (fin === '2026-12-31' && fini.records_count !== fiches)) throw new Error(`${format}: ${issue}, ${fini?.records_count} rows`);
  await createSweepExports({ exports, depot, clock: () => new Date(Date.now() + 8 * 86_400_000) })();
  return [`${FORMATS_EXPORT[format]}${personnelles ? ', with personal data' : ''}`, `${secondes.toFixed(1)} s`, `${Math.round(fiches / secondes)}`, enMo(fini.fichier_taille ?? 0), enMo(sommet), enMo(sommet - avant)];
}

await remplir();
console.log(`… ${fiches} fiches`);
for (const format of ['csv', 'json', 'excel', 'parquet'] as const) await mesurer(format, false, '2026-01-07');
const lignes: string[][] = [];
for (const [format, personnelles] of [['csv', false], ['json', false], ['excel', false], ['parquet', false], ['csv', true]] as const) {
  lignes.push(await mesurer(format, personnelles));
  console.log(`… ${FORMATS_EXPORT[format]} measured`);
}
await database.close();
await base.drop();
await rm(dossier, { recursive: true, force: true });

console.log(`\n${markdownTable([`${fiches} fiches`, 'time', 'rows/s', 'file', 'peak RSS', 'RSS growth, once warm'], lignes)}`);
