import { throwingUnavailable } from '@mediai/db';
import { findUsers } from '@mediai/events';
import { toE164 } from '../contact/phone.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** Who asks: their own id, and the établissement whose phones they may know of, if any. */
export type Curieux = { userId: number; etablissementId: number | null; depuis: Date };

export type JoignableStore = {
  /** Whether a WhatsApp message came from this phone since then, or one to it was delivered, as far as the asker may know. */
  estJoignable: (telephone: string, curieux: Curieux) => Promise<boolean>;
};

const sql = `
  SELECT EXISTS (
    SELECT FROM webhook_event e LEFT JOIN fiche_projection f ON f.id = e.related_fiche_id
    WHERE e.sender_phone = $1 AND e.received_at >= $5::timestamptz AND e.event_type = 'whatsapp_incoming' AND e.created_by IS NULL
      AND ($2::bool OR e.related_user_id = $3::int OR f.user_id = $3::int OR ($4::int IS NOT NULL AND (e.etablissement_id = $4::int OR e.etablissement_id IS NULL)))
  ) OR EXISTS (
    SELECT FROM delivery d LEFT JOIN fiche_projection f ON f.id = d.fiche_id
    WHERE d.telephone = $1 AND d.canal = 'whatsapp' AND d.etat = 'livre'
      AND ($2::bool OR d.user_id = $3::int OR f.user_id = $3::int OR d.etablissement_id = $4::int)
  ) AS joignable`;

/** What the rows of events and deliveries tell of a phone, in one statement. */
export function createJoignableStore(db: PrismaClient): JoignableStore {
  return throwingUnavailable({
    async estJoignable(telephone, { userId, etablissementId, depuis }) {
      const user = (await findUsers(db, [userId])).get(userId);
      const isOwn = toE164(user?.phone) === telephone;
      const [row] = await db.$queryRawUnsafe<{ joignable: boolean }[]>(sql, telephone, isOwn, userId, etablissementId, depuis);
      return row?.joignable ?? false;
    },
  });
}
