import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';

type Query = (...args: unknown[]) => unknown;

/**
 * Notes the text of every query that this process hands to pg from now on, on connections opened from now on, under what
 * `scopeOf` says at that moment; outside of any scope nothing is noted.
 */
export function watchStatements(scopeOf: () => string | undefined) {
  const texts = new Map<string, string[]>();
  const { prototype } = pg.Client as unknown as { prototype: { query: Query } };
  const { query } = prototype;
  prototype.query = function (this: unknown, ...args: unknown[]): unknown {
    const scope = scopeOf();
    if (scope) texts.set(scope, [...(texts.get(scope) ?? []), textOf(args[0])]);
    return query.apply(this, args);
  };
  return {
    /** The texts of a scope in their order, once none has come for `quietMs`; they are forgotten with that. */
    async settled(scope: string, quietMs: number): Promise<string[]> {
      const all = (): string[] => texts.get(scope) ?? [];
      for (let before = -1; before !== all().length; await sleep(quietMs)) before = all().length;
      const noted = all();
      texts.delete(scope);
      return noted;
    },
  };
}

const textOf = (query: unknown): string => (typeof query === 'string' ? query : ((query as { text?: string } | undefined)?.text ?? ''));
