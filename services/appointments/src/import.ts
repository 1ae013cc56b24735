/** `node dist/import.js django <url> …`: takes over the appointments of the Django original. */
import { runImport } from '@mediai/import-django';
import { ConfigError, loadConfig } from '@mediai/kit/config';
import { configSchema } from './config.ts';
import { appointmentFormes, createImportAppointments } from './import/import-appointments.ts';
import { openAppointmentImportStore } from './import/import-store.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

try {
  const { DATABASE_URL } = loadConfig({ DATABASE_URL: configSchema.DATABASE_URL }, process.env);
  process.exitCode = await runImport({
    service: 'appointments', argv: process.argv.slice(2), env: process.env, formes: appointmentFormes, signal: interrupted.signal,
    open: ({ etablissementId }) => createImportAppointments(openAppointmentImportStore(DATABASE_URL), etablissementId),
    say: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  process.stderr.write(`appointments import: ${error instanceof ConfigError ? error.message : `failed (${(error as Error)?.name})`}\n`);
  process.exitCode = 2;
}
