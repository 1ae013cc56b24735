import { isTransient } from '@mediai/events';
import { AppError, unavailable } from '@mediai/kit/errors';

/** The same store, whose methods throw `unavailable` (503, try again) when the database is away. */
export function throwingUnavailable<S extends Record<string, (...args: never[]) => Promise<unknown>>>(store: S): S {
  const guarded = Object.entries(store).map(([name, method]) => [
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

/** Did a write break a unique constraint? */
export function isUniqueViolation(thrown: unknown): boolean {
  return (thrown as { code?: unknown } | null)?.code === 'P2002';
}
