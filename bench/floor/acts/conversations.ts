import { toAppError } from '@mediai/kit/errors';
import { quiAgit } from '@mediai/kit/acteur';
import { estSienne, exiger, may, porteeDe, refus, type Situation } from '../../../services/ia/src/acces/acces.ts';
import type { Message } from '../../../services/ia/src/conversation/conversation.ts';
import type { Appel } from '../appel.ts';
import type { Pools } from '../databases.ts';
import { findMessages, noteConversation } from '../sql/conversation-sql.ts';
import { readFiche } from './open-fiche.ts';

/** Conversations by ia's rules; consultation's have the last word where a fiche lies under one. */
export function createConversations({ ia: pool, consultation }: Pick<Pools, 'ia' | 'consultation'>) {
  /** Opening a fiche judges it, and keeps that it was opened for its patient. */
  async function openFiche(appel: Appel, ficheId: number, noteRefus: (code: string) => Promise<void>): Promise<void> {
    try {
      await readFiche(consultation, appel, 'ouvrir', ficheId);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.kind === 'forbidden') await noteRefus(error.code);
      throw error.kind === 'not_found' ? refus('introuvable') : error;
    }
  }

  return {
    /** What of a conversation the actor may read, oldest first. @throws AppError */
    async listMessages(appel: Appel, id: number): Promise<Message[]> {
      const { acteur } = appel;
      exiger(acteur, 'lire');
      const portee = porteeDe(acteur);
      const found = await findMessages(pool, portee, id);
      if (!found) throw refus('introuvable');
      const { ficheId, userId, etablissementId, messages } = found;
      const situation: Situation = { userId, etablissementId, fiche: ficheId === undefined ? undefined : { assignedMedecinId: found.assignedMedecinId, deleted: found.deleted } };
      const verdict = may(acteur, 'lire', situation);
      if (verdict !== 'oui' && verdict !== 'motif_requis') throw refus(verdict);
      if (estSienne(portee, situation)) return messages;
      const ligne = { acteurId: acteur.id, acteurRole: quiAgit(acteur), action: 'conversation.lire', objetType: 'conversation' };
      const sujet = { id, etablissementId };
      if (ficheId !== undefined) await openFiche(appel, ficheId, (raison) => noteConversation(pool, sujet, appel, { ...ligne, issue: 'refus', raison }));
      await noteConversation(pool, sujet, appel, { ...ligne, raison: appel.motif });
      return messages;
    },
  };
}
