import { isTransient } from '@mediai/events';
import { AppError, unavailable } from '@mediai/kit/errors';

/** The same store, whose methods throw `unavailable` (503, try again) when the database is away. */
export function throwingUnavailable<S extends Record<string, (...args: never[]) => Promise<unknown>>>(store: S): S {
  const guarded = Object.entries(store).map(([name, method]) => [
    name,
    (...args: never[]) => method(...args).catch((error: unknown) => {
      throw error instanceof AppError || !isTransient(error) ? error : unavailable(error);
    }),
  ]);
  return Object.fromEntries(guarded) as S;
}
