import { readMigrationNames } from './migration-files.ts';
import type { SqlExecutor } from './sql-executor.ts';

const appliedSql = 'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL';

/**
 * A readiness check: `ok` once every migration of the folder is applied to the database, `down` before, and while the
 * database cannot say so. Asked until it is once true, then remembered: a migration is never undone.
 * Migrations of a newer version may be there as well.
 */
export function createSchemaCheck({ db, migrationsDir }: { db: SqlExecutor; migrationsDir: string }): () => Promise<'ok' | 'down'> {
  let isApplied = false;

  async function ask(): Promise<boolean> {
    const carried = await readMigrationNames(migrationsDir);
    if (carried.length === 0) throw new Error(`${migrationsDir} holds no migration`);
    const rows = await db.$queryRawUnsafe<{ migration_name: string }[]>(appliedSql);
    const applied = new Set(rows.map((row) => row.migration_name));
    return carried.every((name) => applied.has(name));
  }

  return async () => {
    isApplied ||= await ask();
    return isApplied ? 'ok' : 'down';
  };
}
