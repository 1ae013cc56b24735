import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The services that own a database. */
export const servicesWithDatabase = ['auth', 'consultation', 'appointments', 'ia', 'notifications'] as const;
export type ServiceName = (typeof servicesWithDatabase)[number];

const repositoryRoot = resolve(fileURLToPath(new URL('.', import.meta.url)), '../../..');

export type PrismaFolders = { prismaDir: string; schemaDir: string; migrationsDir: string };

/** Where a service keeps its models and its migrations, as absolute paths. */
export function prismaFolders(service: ServiceName): PrismaFolders {
  const prismaDir = resolve(repositoryRoot, 'services', service, 'prisma');
  return { prismaDir, schemaDir: resolve(prismaDir, 'schema'), migrationsDir: resolve(prismaDir, 'migrations') };
}

/** Is this the name of a service that owns a database? */
export function isServiceWithDatabase(name: string | undefined): name is ServiceName {
  return (servicesWithDatabase as readonly string[]).includes(name ?? '');
}
