/** `node dist/import.js django <url> …`: takes over the fiches of the Django original. */
import { runImport } from '@mediai/import-django';
import { ConfigError, loadConfig } from '@mediai/kit/config';
import { configSchema } from './config.ts';
import { regles } from './fiche/regles.ts';
import { createImportFiches, fichesFormes } from './import/import-fiches.ts';
import { openFicheImportStore } from './import/import-store.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

try {
  const { DATABASE_URL } = loadConfig({ DATABASE_URL: configSchema.DATABASE_URL }, process.env);
  process.exitCode = await runImport({
    service: 'consultation', argv: process.argv.slice(2), env: process.env, formes: fichesFormes, signal: interrupted.signal,
    open: ({ etablissementId }) => createImportFiches({ store: openFicheImportStore(DATABASE_URL), regles, etablissementId }),
    say: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  process.stderr.write(`consultation import: ${error instanceof ConfigError ? error.message : `failed (${(error as Error)?.name})`}\n`);
  process.exitCode = 2;
}
