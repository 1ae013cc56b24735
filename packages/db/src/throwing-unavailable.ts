import { AppError, unavailable } from '@mediai/kit/errors';
import { isTransient } from './transient.ts';

/** The same store, whose methods throw `unavailable` (503, try again) when the database is away. */
export function throwingUnavailable<S extends object>(store: S): S {
  const guarded = Object.entries(store as Record<string, (...args: never[]) => Promise<unknown>>).map(([name, method]) => [
    name,
    async (...args: never[]) => {
      try {
        return await method(...args);
      } catch (error) {
        throw error instanceof AppError || !isTransient(error) ? error : unavailable(error);
      }
    },
  ]);
  return Object.fromEntries(guarded) as S;
}
