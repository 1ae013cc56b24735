import { createHash } from 'node:crypto';

/** How often a statement is seen before it is prepared: what is asked once is not worth a plan that is kept. */
const seenBefore = 2;
/** Plans that a connection keeps at most; a list of many lengths must not fill the server's memory. */
const maxNames = 200;
/** Plans of the one depend on the words that are looked for; the other, which names no columns, would end with 0A000 once a migration has added one. */
const plannedEachTime = /\blike\b|\b(?:select|returning)\s+(?:[\w"]+\.)?\*(?!\s*\))/i;

/**
 * Names under which statements are prepared, once per connection, so that PostgreSQL plans them once and not each time:
 * planning a page of fiches takes six times as long as reading it.
 * @returns of a statement's text its name, or undefined where it is not to be prepared
 */
export function createStatementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  const seen = new Map<string, number>();
  return (text) => {
    const name = names.get(text);
    if (name !== undefined || names.size >= maxNames) return name;
    const times = (seen.get(text) ?? 0) + 1;
    if (times <= seenBefore || plannedEachTime.test(text)) {
      if (seen.size >= maxNames * 5) seen.clear();
      seen.set(text, times);
      return undefined;
    }
    seen.delete(text);
    names.set(text, createHash('sha256').update(text).digest('hex').slice(0, 32)); // two who name for one pool never give one name to two texts
    return names.get(text);
  };
}
