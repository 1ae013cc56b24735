/** Databases, roles and migrations: for the tool and for tests; a running service never loads it. */
export { withClient, withDatabase } from './connection.ts';
export { createMigration, diff, diffFromMigrations, migrate, status } from './migrate.ts';
export type { MigrationStatus } from './migrate.ts';
export { provision } from './provision.ts';
export type { ProvisionedDatabase, ProvisionOptions } from './provision.ts';
export { isServiceWithDatabase, prismaFolders, servicesWithDatabase } from './service-databases.ts';
export type { PrismaFolders, ServiceName } from './service-databases.ts';
