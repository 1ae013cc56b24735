import type { Utilisateur } from '../appointment/ports.ts';

/** A user as auth tells it, to be kept until its next event. */
export type UserOfAuth = Utilisateur & {
  readonly id: number; readonly username: string; readonly firstName: string; readonly lastName: string; readonly isStaff: boolean; readonly specialty?: string | undefined; readonly phone?: string | undefined;
};

type Needs = {
  users: { findMany: (ids: readonly number[]) => Promise<ReadonlyMap<number, Utilisateur>>; keep: (users: readonly UserOfAuth[]) => Promise<void> };
  /** Asks auth in one call. @throws AppError unavailable, deadline */
  askAuth: (ids: readonly number[]) => Promise<UserOfAuth[]>;
};

/** Users by id: those of the projection; the others are asked of auth once, in a batch, and kept, so that their names are known. */
export function createFindUsers({ users, askAuth }: Needs) {
  return async (ids: readonly number[]): Promise<ReadonlyMap<number, Utilisateur>> => {
    const known = await users.findMany(ids);
    const missing = ids.filter((id) => !known.has(id));
    if (missing.length === 0) return known;
    const told = await askAuth(missing);
    await users.keep(told);
    return new Map([...known, ...told.map((user) => [user.id, user] as const)]);
  };
}
