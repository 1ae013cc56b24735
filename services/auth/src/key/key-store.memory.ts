import type { KeyStore } from './key-store.ts';
import type { StoredKey } from './signing-key.ts';

/** The key store without a database. */
export function createMemoryKeys(rows: StoredKey[] = []): KeyStore & { rows: StoredKey[] } {
  let last: Promise<void> = Promise.resolve();
  const add = async (make: () => Promise<StoredKey>): Promise<void> => {
    if (!rows.some(({ retiredAt }) => retiredAt === null)) rows.push(await make());
  };
  return {
    rows,
    all: async () => [...rows].sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime()),
    ensure: (make) => (last = last.then(() => add(make))),
  };
}
