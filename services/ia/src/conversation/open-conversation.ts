import { quiAgit, type Acteur } from '@mediai/kit/acteur';
import { toAppError } from '@mediai/kit/errors';
import { estSienne, exiger, may, porteeDe, refus, type Portee } from '../acces/acces.ts';
import type { Conversation, Sujet } from './conversation.ts';
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

    const acces = { ...lecteurDe(acteur), conversationId: id, etablissementId: situation.etablissementId };
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

type OpenPageDeps = {
  store: Pick<ConversationStore, 'notePage'>;
  /** Has consultation judge and audit that what is under these fiches is shown: those that the actor may see without a reason. */
  openFiches: (ficheIds: readonly number[], acteur: Acteur) => Promise<ReadonlySet<number>>;
};

/**
 * Of the conversations of a page the ids of those that may be shown: one's own, and others' whose fiche consultation, whose
 * word is newer than what is known here, lets the actor see. Showing these opens their dossiers, which consultation keeps
 * for their patients; it is audited here too.
 * @throws AppError unavailable while consultation is away and must be asked
 */
export function createOpenPage({ store, openFiches }: OpenPageDeps) {
  return async (acteur: Acteur, conversations: readonly Sujet[]): Promise<ReadonlySet<number>> => {
    const portee = porteeDe(acteur);
    const autres = conversations.filter((conversation) => !estSienne(portee, conversation));
    const fiches = new Set(autres.flatMap(({ ficheId }) => ficheId ?? []));
    const permises = fiches.size === 0 ? fiches : await openFiches([...fiches], acteur);
    const refusees = new Set(autres.filter(({ ficheId }) => ficheId !== undefined && !permises.has(ficheId)));
    await store.notePage(lecteurDe(acteur), autres.filter((conversation) => !refusees.has(conversation)));
    return new Set(conversations.filter((conversation) => !refusees.has(conversation)).map(({ id }) => id));
  };
}

export type OpenPage = ReturnType<typeof createOpenPage>;

const lecteurDe = (acteur: Acteur) => ({ acteurId: acteur.id, acteurRole: quiAgit(acteur) });
