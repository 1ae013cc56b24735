import { afterAll, beforeAll } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { openDatabase, type Database } from './database-store.ts';

/** A real database of its own for one file of tests, opened as the service opens it; there once tests run. */
export function useDatabase() {
  let base: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    base = await createTestDatabase('consultation');
    database = openDatabase(base.appUrl);
  });
  afterAll(async () => {
    await database.close();
    await base.drop();
  });

  return {
    get base() {
      return base;
    },
    get db() {
      return database.db;
    },
  };
}
