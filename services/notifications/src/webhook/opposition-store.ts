import { throwingUnavailable } from '@mediai/db';
import type { Canal } from '../delivery/delivery.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** Phones that asked to be told nothing more over a channel. */
export type OppositionStore = {
  note: (telephone: string, canal: Canal, volonte: 'arret' | 'reprise', now: Date) => Promise<void>;
  has: (telephone: string, canal: Canal) => Promise<boolean>;
};

/** Oppositions in PostgreSQL. */
export function createOppositionStore(db: PrismaClient): OppositionStore {
  return throwingUnavailable({
    async note(telephone, canal, volonte, now) {
      if (volonte === 'reprise') await db.opposition.deleteMany({ where: { telephone, canal } });
      else await db.opposition.createMany({ data: [{ telephone, canal, depuis: now }], skipDuplicates: true });
    },
    has: async (telephone, canal) => (await db.opposition.count({ where: { telephone, canal } })) > 0,
  });
}
