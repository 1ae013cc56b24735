import { appendAudit, appendOutbox } from '@mediai/events';
import { throwingUnavailable } from '@mediai/db';
import { deliveryChanged } from '../delivery/delivery-events.ts';
import type { Demandeur } from '../delivery/delivery.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Committed } from '../metrics.ts';
import type { CanalCode } from './code.ts';

/** What is kept of a code's sending: that it was sent, when, by which way and how that ended; neither code nor text. */
export type EnvoiCode = {
  demandeur: Demandeur;
  canal: CanalCode;
  /** E.164; null for an e-mail, whose address is kept nowhere. */
  telephone: string | null;
  userId: number;
  etablissementId: number;
  attempts: number;
  /** Of the message that was accepted. */
  messageSid: string | null;
  /** Why none was. */
  errorCode: string | null;
};

export type CodeStore = {
  /** Row, event and audit line in one transaction, after the fact: there is nothing to try again. Returns the delivery's id. */
  record: (envoi: EnvoiCode, now: Date) => Promise<number>;
};

const modele = 'code';

/** Sendings of codes as deliveries in PostgreSQL. `committed` is called after a commit that left events to publish, with how it ended. */
export function createCodeStore(db: PrismaClient, committed: Committed): CodeStore {
  return throwingUnavailable({
    async record({ demandeur, canal, telephone, userId, etablissementId, attempts, messageSid, errorCode }, now) {
      const etat = messageSid === null ? 'echec' : 'envoye';
      const id = await db.$transaction(async (tx) => {
        const row = await tx.delivery.create({
          data: {
            cle: `code:${userId}`, canal, modele, telephone: telephone ?? '', user_id: userId, prenom: '', fuseau: 'UTC', etablissement_id: etablissementId, etat, attempts,
            message_sid: messageSid, error_code: errorCode, sent_at: messageSid === null ? null : now, next_attempt_at: now, created_at: now, updated_at: now,
          },
          select: { id: true },
        });
        await appendOutbox(tx, [deliveryChanged({ id: row.id, canal, etat, ficheId: null, appointmentId: null })]);
        await appendAudit(tx, {
          ...demandeur, action: 'code.envoyer', objetType: 'users', objetId: userId, etablissementId, issue: messageSid === null ? 'echec' : 'ok', raison: errorCode ?? canal,
        });
        return row.id;
      });
      committed({ canal, etat, createdAt: null, at: now });
      return id;
    },
  });
}
