/** `node dist/import.js django <url> …`: takes over the users of the Django original. */
import { runImport } from '@mediai/import-django';
import { ConfigError, loadConfig } from '@mediai/kit/config';
import { configSchema } from './config.ts';
import { accountFormes, createImportAccounts } from './import/import-accounts.ts';
import { openAccountImportStore } from './import/import-store.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

try {
  const { DATABASE_URL } = loadConfig({ DATABASE_URL: configSchema.DATABASE_URL }, process.env);
  process.exitCode = await runImport({
    service: 'auth', argv: process.argv.slice(2), env: process.env, formes: accountFormes, signal: interrupted.signal,
    open: ({ etablissementId }) => createImportAccounts(openAccountImportStore(DATABASE_URL), etablissementId),
    say: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  process.stderr.write(`auth import: ${error instanceof ConfigError ? error.message : `failed (${(error as Error)?.name})`}\n`);
  process.exitCode = 2;
}
