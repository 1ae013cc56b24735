import { findUsers, userProjection } from '@mediai/events';
import { throwingUnavailable } from '@mediai/db';
import type { Db } from '../database-store.ts';
import type { KnownUser } from './contact.ts';

/** What auth's topic told of its users. */
export function createUserStore({ sql }: Db) {
  return {
    ...throwingUnavailable({
      findProjected: async (userId: number): Promise<KnownUser | undefined> => (await findUsers(sql, [userId])).get(userId),
    }),
    projection: userProjection(sql),
  };
}
