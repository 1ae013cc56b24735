import { throwingUnavailable } from '@mediai/db';
import type { OptionsFicheStore } from '../fiche/fiche-store.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { ecrireSousFiche, refuser } from '../piece/piece-store.ts';
import type { MessageStore } from './ports.ts';

const select = { id: true, fiche: true, author: true, content: true, created_at: true } as const;

/** Messages of fiches in PostgreSQL. */
export function createMessageStore(db: PrismaClient, options: OptionsFicheStore): MessageStore {
  return throwingUnavailable<MessageStore>({
    list: (fiche) => db.ficheMessage.findMany({ where: { fiche }, orderBy: { id: 'asc' }, select }),
    findSource: async (sourceId) => (await db.ficheMessage.findUnique({ where: { source_id: sourceId }, select: { ...select, etablissement_id: true } })) ?? undefined,
    create: (fiche, { author, content, sourceId }, effets, limite) =>
      ecrireSousFiche(db, options, fiche, effets, async (tx) => {
        if ((await tx.ficheMessage.count({ where: { fiche: fiche.id }, take: limite })) >= limite) refuser('pleine');
        return tx.ficheMessage.create({ data: { fiche: fiche.id, etablissement_id: fiche.etablissement_id, author, content, source_id: sourceId ?? null, created_at: options.clock() }, select });
      }),
  });
}
