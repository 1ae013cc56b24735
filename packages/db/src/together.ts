/** A statement and its parameters, `$1` being the first. */
export type Statement = { sql: string; params: unknown[] };

/** Texts are few and come again and again: the places of their parameters are counted once. */
const moved = new Map<string, string>();
const maxMoved = 1_000;

/**
 * Several writes as one statement: one round trip and one transaction. Each part is `name AS (…)`; the last one is what
 * is answered. All of them see the database as it was before; what one part has written another reads from its RETURNING.
 */
export function together(parts: readonly Statement[], last: Statement): Statement {
  const params: unknown[] = [];
  const texts = [...parts, last].map((part) => {
    const text = move(part.sql, params.length);
    params.push(...part.params);
    return text;
  });
  return { sql: `WITH ${texts.slice(0, -1).join(', ')} ${texts.at(-1)}`, params };
}

function move(sql: string, by: number): string {
  if (by === 0) return sql;
  const key = `${by} ${sql}`;
  const known = moved.get(key);
  if (known !== undefined) return known;
  const text = sql.replaceAll(/\$(\d+)/g, (_, at: string) => `$${Number(at) + by}`);
  if (moved.size >= maxMoved) moved.clear();
  moved.set(key, text);
  return text;
}
