import { findUsers, userProjection } from '@mediai/events';
import { throwingUnavailable } from '@mediai/db';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { KnownUser } from './contact.ts';

/** What auth's topic told of its users. */
export function createUserStore(db: PrismaClient) {
  return {
    ...throwingUnavailable({
      findProjected: async (userId: number): Promise<KnownUser | undefined> => (await findUsers(db, [userId])).get(userId),
    }),
    projection: userProjection(db),
  };
}
