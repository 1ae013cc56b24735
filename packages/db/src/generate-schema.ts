import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { prismaFolders, servicesWithDatabase } from './service-databases.ts';
import { datasourceSchema, prismaConfig, sharedSchema } from './shared-schema.ts';

/** Write the shared part of every service's Prisma schema; returns the files that changed. */
export async function generateSchemas(): Promise<string[]> {
  const changed: string[] = [];
  for (const service of servicesWithDatabase) {
    const { prismaDir, schemaDir } = prismaFolders(service);
    const files = {
      [join(schemaDir, 'shared.prisma')]: sharedSchema(service),
      [join(schemaDir, 'datasource.prisma')]: datasourceSchema(),
      [join(prismaDir, '..', 'prisma.config.ts')]: prismaConfig(),
    };
    for (const [file, content] of Object.entries(files)) if (await writeWhenDifferent(file, content)) changed.push(file);
  }
  return changed;
}

async function writeWhenDifferent(file: string, content: string): Promise<boolean> {
  const present = await readFile(file, 'utf8').catch(() => null);
  if (present === content) return false;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return true;
}

if (import.meta.main) {
  for (const file of await generateSchemas()) process.stdout.write(`${file}\n`);
}
