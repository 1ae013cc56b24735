import { throwingUnavailable } from '@mediai/db';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** The fiche to which a phone leads, and whose it is: null where its patient has no account. */
export interface Destination {
  readonly ficheId: number;
  readonly userId: number | null;
}

export interface DestinationStore {
  /**
   * The latest fiche of this phone, else the latest one of the active user who has it; not deleted, and of that
   * établissement where one is given.
   * @param telephone E.164
   */
  trouver(telephone: string, etablissementId: number | null): Promise<Destination | undefined>;
}

/** Where what comes in goes, in PostgreSQL: one statement, two readings of an index. */
export function createDestinationStore(db: PrismaClient): DestinationStore {
  return throwingUnavailable<DestinationStore>({
    async trouver(telephone, etablissementId) {
      const [destination] = await db.$queryRaw<Destination[]>`
        SELECT "ficheId", "userId" FROM (
          (SELECT 1 AS rang, f.id AS "ficheId", f."user" AS "userId" FROM fiche_consultation f
           WHERE f.telephone_e164 = ${telephone} AND f.deleted_at IS NULL AND (${etablissementId}::int IS NULL OR f.etablissement_id = ${etablissementId}::int)
           ORDER BY f.id DESC LIMIT 1)
          UNION ALL
          (SELECT 2, f.id, f."user" FROM user_projection u JOIN fiche_consultation f ON f."user" = u.id
           WHERE u.phone = ${telephone} AND u.is_active AND f.deleted_at IS NULL AND (${etablissementId}::int IS NULL OR f.etablissement_id = ${etablissementId}::int)
           ORDER BY f.id DESC LIMIT 1)
        ) AS trouvees ORDER BY rang LIMIT 1`;
      return destination;
    },
  });
}
