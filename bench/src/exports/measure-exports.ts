import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { lireFiche, type FicheValeurs } from '@mediai/fiche';
import { createTestDatabase, ficheComplete, multiplyRow, type TestDatabase } from '@mediai/testing';
import { openDatabase } from '../../../services/consultation/src/database-store.ts';
import { FORMATS_EXPORT, type FormatExport } from '../../../services/consultation/src/export/export.ts';
import { nouvelleFiche } from '../../../services/consultation/src/fiche/build-fiche.ts';
import { createFicheStore } from '../../../services/consultation/src/fiche/fiche-store.ts';
import { regles } from '../../../services/consultation/src/fiche/regles.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { markdownTable } from '../report/markdown-table.ts';
import type { Mesure } from './export-process.ts';

/** Who needs a larger heap as rows come ends with an error. */
const TAS = ['--max-old-space-size=80', '--max-semi-space-size=2'];
const clock = (): Date => new Date();
const wanted = [['csv', false], ['json', false], ['excel', false], ['parquet', false], ['csv', true]] as const;

/**
 * What an export costs: all fiches of an établissement in each format, from the first row read to the file on disk, and
 * the memory of the whole process that makes it, in a heap of 80 MB; on a database of its own. `BENCH_FICHES=100000`
 * for another size than 500 000.
 */
export const exportsMeasurement: Measurement = { name: 'exports', title: 'Exports', byNameOnly: true, run: measureExports };

async function measureExports(bench: Bench) {
  const fiches = Number(process.env['BENCH_FICHES'] ?? (bench.quick ? 20_000 : 500_000));
  const base = await createTestDatabase('consultation');
  try {
    await remplir(base, fiches);
    bench.log(`… ${fiches} fiches`);
    const faites = wanted.map(([format, personnelles]) => {
      const mesure = mesurer(base.appUrl, fiches, format, personnelles);
      bench.log(`… ${FORMATS_EXPORT[format]} measured`);
      return { format: `${FORMATS_EXPORT[format]}${personnelles ? ', with personal data' : ''}`, ...mesure };
    });
    const lignes = faites.map(({ format, rows, ms, fileBytes, warmRss, peakRss }) => [format, `${(ms / 1000).toFixed(1)} s`, `${Math.round((rows / ms) * 1000)}`, enMo(fileBytes), enMo(peakRss), enMo(peakRss - warmRss)]);
    return { table: markdownTable([`${fiches} fiches`, 'time', 'rows/s', 'file', 'peak RSS of the process', 'growth, once warm'], lignes), json: { fiches, formats: faites } };
  } finally {
    await base.drop();
  }
}

/** One fiche as people write them, and copies of it over a year. */
async function remplir(base: TestDatabase, fiches: number): Promise<void> {
  const database = openDatabase(base.appUrl);
  const valeurs = lireFiche(ficheComplete(), { complet: true, defauts: true }).valeurs as FicheValeurs;
  const circonstances = { numero: 'BENCH-1', user: 1, assignedMedecin: null, etablissementId: 1, taskId: crypto.randomUUID(), maintenant: clock(), jour: '2026-01-01', heure: '08:00:00' };
  await createFicheStore(database.db, { secret: '', clock, committed: () => undefined }).create(nouvelleFiche({ valeurs, aTrier: valeurs }, circonstances, regles.trier), { acte: { acteur: null, action: 'fiche.creer' }, evenements: [] });
  await database.close();
  await multiplyRow(base.ownerUrl, { table: 'fiche_consultation', where: "numero_dossier = 'BENCH-1'", count: fiches - 1, ecarts: { numero_dossier: "'N-' || g", user: '1000 + g / 40', date_consultation: "date '2026-01-01' + g % 300" } });
}

const enMo = (octets: number): string => `${(octets / 1024 ** 2).toFixed(1)} MB`;

function mesurer(databaseUrl: string, fiches: number, format: FormatExport, personnelles: boolean): Mesure {
  const options = JSON.stringify({ databaseUrl, format, personnelles });
  const { status, stdout } = spawnSync(process.execPath, [...process.execArgv, ...TAS, join(import.meta.dirname, 'export-process.ts'), options], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`${format} ended with ${status}`);
  const mesure = JSON.parse(stdout) as Mesure;
  if (mesure.rows !== fiches) throw new Error(`${format}: ${mesure.rows} rows`);
  return mesure;
}
