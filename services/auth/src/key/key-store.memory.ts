import type { KeyStore } from './key-store.ts';
import type { StoredKey } from './signing-key.ts';

/** The key store without a database; `raisons` says why each change was made. */
export function createMemoryKeys(first: StoredKey[] = []): KeyStore & { rows: () => StoredKey[]; raisons: string[] } {
  let rows = [...first];
  let last: Promise<unknown> = Promise.resolve();
  const raisons: string[] = [];

  const inOrder = (): StoredKey[] => [...rows].sort((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime() || a.createdAt.getTime() - b.createdAt.getTime());
  const change: KeyStore['update'] = async (decide) => {
    const decided = await decide(inOrder());
    if (!decided) return undefined;
    const { add, retireOthersAt, remove = [], raison } = decided;
    rows = rows.filter(({ kid }) => !remove.includes(kid)).map((row) => (retireOthersAt && row.retiredAt === null ? { ...row, retiredAt: retireOthersAt } : row));
    if (add) rows.push(add);
    raisons.push(raison);
    return decided;
  };
  return {
    rows: inOrder,
    raisons,
    all: async () => inOrder(),
    update(decide) {
      const done = last.then(() => change(decide));
      last = done.catch(() => undefined);
      return done;
    },
  };
}
