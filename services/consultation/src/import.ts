/** `node dist/import.js django <url> …`: takes over the fiches of the Django original, what lies beside them, and with `--media` their files. */
import { ImportRefused, runImport, type Options } from '@mediai/import-django';
import { ConfigError, loadConfig } from '@mediai/kit/config';
import { configSchema } from './config.ts';
import { regles } from './fiche/regles.ts';
import { createClamd, sansScanner } from './fichier/clamd-client.ts';
import { openDepot } from './fichier/depot.ts';
import { createFichiersRepris } from './import/fichiers-repris.ts';
import { createImportFiches, fichesFormes } from './import/import-fiches.ts';
import { openFicheImportStore } from './import/import-store.ts';
import { createMedia } from './import/lire-media.ts';

const { DATABASE_URL, CONSULTATION_FICHIERS_DIR, S3_BUCKET, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_ENDPOINT, S3_PATH_STYLE, CLAMD_ADDRESS } = configSchema;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

try {
  const config = loadConfig({ DATABASE_URL, CONSULTATION_FICHIERS_DIR, S3_BUCKET, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_ENDPOINT, S3_PATH_STYLE, CLAMD_ADDRESS }, process.env);

  /** @throws ImportRefused with `--media` where it is not known where files are to lie */
  function open({ media, etablissementId }: Options) {
    if (media !== undefined && config.CONSULTATION_FICHIERS_DIR === undefined && config.S3_BUCKET === undefined) throw new ImportRefused('With --media the store of files must be known: set CONSULTATION_FICHIERS_DIR or S3_BUCKET as consultation has it.');
    const store = openFicheImportStore(config.DATABASE_URL);
    const depot = openDepot(config);
    const scanner = config.CLAMD_ADDRESS ? createClamd({ adresse: config.CLAMD_ADDRESS }) : sansScanner;
    const fichiers = createFichiersRepris({ fichiers: store.fichiers, depot, scanner, media: media === undefined ? null : createMedia(media) });
    return createImportFiches({ store: { ...store, close: () => store.close().then(depot.fermer) }, regles, fichiers, etablissementId });
  }

  process.exitCode = await runImport({
    service: 'consultation', argv: process.argv.slice(2), env: process.env, formes: fichesFormes, signal: interrupted.signal, open, say: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  process.stderr.write(`consultation import: ${error instanceof ConfigError ? error.message : `failed (${(error as Error)?.name})`}\n`);
  process.exitCode = 2;
}
