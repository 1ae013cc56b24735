import type { Acteur } from '@mediai/kit/acteur';
import { toAppError } from '@mediai/kit/errors';
import { conversationIntrouvable, juger, motifRequis, porteeDe, type Conversation, type Portee } from './conversation.ts';
import type { ConversationStore } from './conversation-store.ts';

/** Who asks, and how. */
export type Demandeur = { acteur: Acteur | undefined; motif: string | undefined; requestId: string };

export type OpenConversationDeps = {
  store: Pick<ConversationStore, 'find' | 'noteAccess'>;
  /** Asks consultation, which keeps the reasons given; throws AppError when the actor may not see the fiche. */
  askAccess: (ficheId: number, acteur: Acteur, motif: string | undefined) => Promise<void>;
};

/**
 * Find a conversation for someone who may see it. Where its fiche is a colleague's, consultation judges the reason (the
 * one given now or within its validity), and a reason given here is audited here too.
 *
 * @throws AppError not_found for what is missing or not theirs, forbidden `acces.motif_requis` or `compte.en_attente`
 */
export function createOpenConversation({ store, askAccess }: OpenConversationDeps) {
  return async (demandeur: Demandeur, id: number): Promise<{ conversation: Conversation; portee: Portee }> => {
    const { acteur, motif, requestId } = demandeur;
    const portee = porteeDe(acteur);
    const found = await store.find(portee, id);
    const verdict = found ? juger(portee, found.situation) : 'introuvable';
    if (!found || verdict === 'introuvable') throw conversationIntrouvable();
    const { conversation } = found;
    if (verdict === 'oui' || !acteur || conversation.ficheId === undefined) return { conversation, portee };
    await askAccess(conversation.ficheId, acteur, motif).catch((thrown: unknown) => {
      const erreur = toAppError(thrown);
      // Without a reason there is nothing to ask for: a consultation that is away changes nothing for the reader.
      throw motif || erreur.kind === 'forbidden' || erreur.kind === 'not_found' ? erreur : motifRequis();
    });
    if (motif) await store.noteAccess({ acteurId: acteur.id, acteurRole: acteur.role, conversationId: id, etablissementId: conversation.etablissementId, motif, requestId });
    return { conversation, portee };
  };
}

export type OpenConversation = ReturnType<typeof createOpenConversation>;
