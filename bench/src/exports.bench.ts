/**
 * What an export costs: all fiches of an établissement in each format, from the first row read to the file on disk, and
 * the memory of the whole process that makes it, in a heap of 80 MB. `BENCH_FICHES=100000` for another size than 500 000.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { lireFiche, type FicheValeurs } from '@mediai/fiche';
import { createTestDatabase, ficheComplete, multiplyRow } from '@mediai/testing';
import { openDatabase } from '../../services/consultation/src/database-store.ts';
import { FORMATS_EXPORT, type FormatExport } from '../../services/consultation/src/export/export.ts';
import { nouvelleFiche } from '../../services/consultation/src/fiche/build-fiche.ts';
import { createFicheStore } from '../../services/consultation/src/fiche/fiche-store.ts';
import { regles } from '../../services/consultation/src/fiche/regles.ts';
import type { Mesure } from './export-process.ts';
import { markdownTable } from './report/markdown-table.ts';

/** Who needs a larger heap as rows come ends with an error. */
const TAS = ['--max-old-space-size=80', '--max-semi-space-size=2'];
const fiches = Number(process.env['BENCH_FICHES'] ?? 500_000);
const clock = (): Date => new Date();
const base = await createTestDatabase('consultation');

/** One fiche as people write them, and copies of it over a year. */
async function remplir(): Promise<void> {
  const database = openDatabase(base.appUrl);
  const valeurs = lireFiche(ficheComplete(), { complet: true, defauts: true }).valeurs as FicheValeurs;
  const circonstances = { numero: 'BENCH-1', user: 1, assignedMedecin: null, etablissementId: 1, taskId: crypto.randomUUID(), maintenant: clock(), jour: '2026-01-01', heure: '08:00:00' };
  await createFicheStore(database.db, { secret: '', clock, committed: () => undefined }).create(nouvelleFiche({ valeurs, aTrier: valeurs }, circonstances, regles.trier), { acte: { acteur: null, action: 'fiche.creer' }, evenements: [] });
  await database.close();
  await multiplyRow(base.ownerUrl, { table: 'fiche_consultation', where: "numero_dossier = 'BENCH-1'", count: fiches - 1, ecarts: { numero_dossier: "'N-' || g", user: '1000 + g / 40', date_consultation: "date '2026-01-01' + g % 300" } });
}

const enMo = (octets: number): string => `${(octets / 1024 ** 2).toFixed(1)} MB`;

function mesurer(format: FormatExport, personnelles: boolean): string[] {
  const options = JSON.stringify({ databaseUrl: base.appUrl, format, personnelles });
  const { status, stdout } = spawnSync(process.execPath, [...process.execArgv, ...TAS, join(import.meta.dirname, 'export-process.ts'), options], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`${format} ended with ${status}`);
  const { rows, ms, fileBytes, warmRss, peakRss } = JSON.parse(stdout) as Mesure;
  if (rows !== fiches) throw new Error(`${format}: ${rows} rows`);
  return [`${FORMATS_EXPORT[format]}${personnelles ? ', with personal data' : ''}`, `${(ms / 1000).toFixed(1)} s`, `${Math.round((rows / ms) * 1000)}`, enMo(fileBytes), enMo(peakRss), enMo(peakRss - warmRss)];
}

await remplir();
console.log(`… ${fiches} fiches`);
const lignes: string[][] = [];
for (const [format, personnelles] of [['csv', false], ['json', false], ['excel', false], ['parquet', false], ['csv', true]] as const) {
  lignes.push(mesurer(format, personnelles));
  console.log(`… ${FORMATS_EXPORT[format]} measured`);
}
await base.drop();

console.log(`\n${markdownTable([`${fiches} fiches`, 'time', 'rows/s', 'file', 'peak RSS of the process', 'growth, once warm'], lignes)}`);
