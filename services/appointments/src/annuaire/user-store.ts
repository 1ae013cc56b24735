import { create } from '@bufbuild/protobuf';
import { UserChangedSchema } from '@mediai/contracts/auth/v1/events';
import { findUsers, projectUser } from '@mediai/events';
import { throwingUnavailable } from '@mediai/db';
import type { Db } from '../database-store.ts';
import type { Utilisateur } from '../appointment/ports.ts';
import type { UserOfAuth } from './find-users.ts';

/** Older than every version of an event: the first one that comes replaces what was asked. */
const version = 0;

/** What is known here of auth's users. */
export function createUserStore({ sql }: Db) {
  return throwingUnavailable({
    findMany: (ids: readonly number[]): Promise<ReadonlyMap<number, Utilisateur>> => findUsers(sql, ids),
    async keep(users: readonly UserOfAuth[]): Promise<void> {
      for (const user of users) await projectUser(sql, create(UserChangedSchema, { ...user, version }));
    },
  });
}
