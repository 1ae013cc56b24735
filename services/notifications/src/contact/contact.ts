import { toE164 } from './phone.ts';

/** How a user is told something. */
export type Contact = { telephone: string | undefined; prenom: string };

export type FindContact = (userId: number) => Promise<Contact | undefined>;

/** A user as the projection or auth knows it. */
export type KnownUser = { firstName: string; phone: string | null; isActive: boolean };

export type FindContactDeps = {
  findProjected: (userId: number) => Promise<KnownUser | undefined>;
  /** Asks auth, once, about a user who is not projected yet. */
  askAuth: (userId: number) => Promise<KnownUser | undefined>;
};

/** Phone and first name of a user; undefined when there is none, or no longer an active one. */
export function createFindContact({ findProjected, askAuth }: FindContactDeps): FindContact {
  return async (userId) => {
    const user = (await findProjected(userId)) ?? (await askAuth(userId));
    return user?.isActive ? { telephone: toE164(user.phone), prenom: user.firstName } : undefined;
  };
}
