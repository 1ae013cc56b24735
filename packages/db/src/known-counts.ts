import type { Statement } from './together.ts';

/** Below this many rows a list is counted each time: that costs less than a tenth of a millisecond. */
const countedEachTime = 1_000;
const keptMs = 10_000;
const maxLists = 500;

/**
 * Counts of long lists, kept for ten seconds by what was asked for: to count thousands of rows costs more than to read a
 * page of them, and the more the larger the table. A short list is counted anew each time, so that who adds a row finds
 * it counted. Who asks while a count that has grown old is read waits for that one.
 * @param count runs a statement whose one row says how many
 */
export function createKnownCounts(count: (statement: Statement) => Promise<number>, now: () => number = Date.now): (statement: Statement) => Promise<number> {
  const known = new Map<string, { found: number; untilMs: number }>();
  const underWay = new Map<string, Promise<number>>();

  async function read(key: string, statement: Statement): Promise<number> {
    const found = await count(statement);
    if (found >= countedEachTime) {
      if (known.size >= maxLists) known.clear();
      known.set(key, { found, untilMs: now() + keptMs });
    }
    return found;
  }

  return async (statement) => {
    const key = JSON.stringify([statement.params, statement.sql]);
    const kept = known.get(key);
    if (kept && now() < kept.untilMs) return kept.found;
    if (!kept) return read(key, statement);
    const awaited = underWay.get(key) ?? read(key, statement).finally(() => underWay.delete(key));
    underWay.set(key, awaited);
    return awaited;
  };
}
