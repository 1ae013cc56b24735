/** Loads the schema engine: for the program that migrates, not for a running service. */
export { migrateAndExit, runMigration } from './run-migration.ts';
export type { MigrationOptions } from './run-migration.ts';
