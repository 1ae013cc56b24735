import type { Acteur } from '@mediai/kit/acteur';
import { toAppError } from '@mediai/kit/errors';
import { estSienne, exiger, may, porteeDe, quiAgit, refus, type Portee } from '../acces/acces.ts';
import type { Conversation } from './conversation.ts';
import type { ConversationStore } from './conversation-store.ts';

/** Who asks, and why. */
export type Demandeur = { acteur: Acteur; motif: string | undefined };

export type OpenConversationDeps = {
  store: Pick<ConversationStore, 'find' | 'noteAccess'>;
  /** Has consultation judge and audit the opening of a fiche; throws AppError when the actor may not see it. */
  openFiche: (ficheId: number, acteur: Acteur, motif: string | undefined) => Promise<void>;
};

/**
 * Find a conversation for someone who may see it. By anybody but its owner, reading it is an opening of the dossier:
 * consultation judges it (with the reason given now or within its validity) and keeps it for the patient; it is audited
 * here too, and so is a refusal.
 *
 * @throws AppError not_found for what is missing or not theirs, forbidden `acces.motif_requis` or `compte.en_attente`,
 * unavailable while consultation is away and must be asked
 */
export function createOpenConversation({ store, openFiche }: OpenConversationDeps) {
  return async ({ acteur, motif }: Demandeur, id: number): Promise<{ conversation: Conversation; portee: Portee }> => {
    exiger(acteur, 'lire');
    const portee = porteeDe(acteur);
    const found = await store.find(portee, id);
    if (!found) throw refus('introuvable');
    const { conversation, situation } = found;
    const verdict = may(acteur, 'lire', situation);
    if (verdict !== 'oui' && verdict !== 'motif_requis') throw refus(verdict);
    if (estSienne(portee, situation)) return { conversation, portee };

    const acces = { acteurId: acteur.id, acteurRole: quiAgit(acteur), conversationId: id, etablissementId: situation.etablissementId };
    if (conversation.ficheId !== undefined) {
      await openFiche(conversation.ficheId, acteur, motif).catch(async (thrown: unknown) => {
        const erreur = toAppError(thrown);
        if (erreur.kind === 'forbidden') await store.noteAccess({ ...acces, issue: 'refus', raison: erreur.code });
        throw erreur.kind === 'not_found' ? refus('introuvable') : erreur;
      });
    }
    await store.noteAccess({ ...acces, issue: 'ok', raison: motif });
    return { conversation, portee };
  };
}

export type OpenConversation = ReturnType<typeof createOpenConversation>;
