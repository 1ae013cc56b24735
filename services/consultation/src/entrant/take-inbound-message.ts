import type { Acteur } from '@mediai/kit/acteur';
import { AppError, invalid, notFound } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import type { Acte } from '../acces/journal.ts';
import type { Changement, Fiche } from '../fiche/fiche.ts';
import type { FicheStore, Horloge, Trier } from '../fiche/ports.ts';
import { lireContent, MESSAGES_MAX, type Message } from '../message/message.ts';
import type { MessageStore } from '../message/ports.ts';
import { hausseDe } from '../piece/hausse.ts';
import type { EcriturePiece } from '../piece/piece.ts';
import type { Destination, DestinationStore } from './destination-store.ts';

export interface MessageEntrant {
  readonly acteur: Acteur;
  /** E.164. */
  readonly telephone: string;
  readonly contenu: string;
  /** The provider's id: the same one twice is one message. */
  readonly sourceId: string;
  /** Only fiches of this établissement; null for any. */
  readonly etablissementId: number | null;
}

/** Where it went; `message` is null where the fiche's patient has no account in whose name it could be. */
export interface Recu {
  readonly ficheId: number;
  readonly etablissementId: number;
  readonly message: { readonly id: number; readonly author: number } | null;
}

type Needs = { destinations: DestinationStore; fiches: Pick<FicheStore, 'find' | 'update'>; messages: Pick<MessageStore, 'create' | 'findSource'>; trier: Trier; clock: Horloge };

const ESSAIS = 5;

/**
 * Puts what a patient wrote by WhatsApp or SMS on the latest fiche of their phone, in their name. Triage reads it in the
 * same transaction, as any message of theirs. Taken again it is the message that it was. Where they have no account it is
 * no message, but what it raises of the fiche is raised: who has none is in no less danger.
 * @throws AppError forbidden for anyone but notifications, not_found for a phone that nobody has, invalid, conflict, unavailable
 */
export function createTakeInboundMessage({ destinations, fiches, messages, trier, clock }: Needs) {
  const lire = (fiche: Fiche, content: string): Changement | null => hausseDe(fiche, { textes: [content], source: 'messages' }, trier, clock());
  const acteDe = ({ acteur }: MessageEntrant): Acte => ({ acteur, action: 'fiche.recevoir_message' });

  function ecrire(fiche: Fiche, author: number, entrant: MessageEntrant, content: string): Promise<EcriturePiece<Message>> {
    return messages.create(fiche, { author, content, sourceId: entrant.sourceId }, { acte: acteDe(entrant), hausse: lire(fiche, content) }, MESSAGES_MAX);
  }

  /** False when the fiche changed meanwhile. */
  async function elever(fiche: Fiche, entrant: MessageEntrant, content: string): Promise<boolean> {
    const hausse = lire(fiche, content);
    return hausse === null || (await fiches.update(fiche, hausse, { acte: acteDe(entrant), evenements: [{ type: 'FicheEdited' }] })) !== 'perdue';
  }

  async function deja(sourceId: string): Promise<Recu | undefined> {
    const message = await messages.findSource(sourceId);
    return message && { ficheId: message.fiche, etablissementId: message.etablissement_id, message };
  }

  /** Undefined when the fiche changed meanwhile. */
  async function deposer({ ficheId, userId }: Destination, entrant: MessageEntrant, content: string): Promise<Recu | undefined> {
    const fiche = await fiches.find(ficheId);
    if (!fiche) return undefined;
    const ou = { ficheId, etablissementId: fiche.etablissement_id };
    if (userId === null) return (await elever(fiche, entrant, content)) ? { ...ou, message: null } : undefined;
    const ecriture = await ecrire(fiche, userId, entrant, content);
    if (ecriture === 'double') return deja(entrant.sourceId);
    if (ecriture === 'pleine') throw invalid({ non_field_errors: [`Cette fiche compte déjà ${MESSAGES_MAX} messages, le maximum.`] }, 'message.trop_nombreux');
    return typeof ecriture === 'object' && 'ecrite' in ecriture ? { ...ou, message: ecriture.ecrite } : undefined;
  }

  return async (entrant: MessageEntrant): Promise<Recu> => {
    exiger(entrant.acteur, 'recevoir_message');
    const content = lireContent(entrant.contenu);
    if (!/^[\x21-\x7e]{1,255}$/.test(entrant.sourceId)) throw invalid({ source_id: ["L'identifiant de la source compte de 1 à 255 caractères visibles."] });
    const premier = await deja(entrant.sourceId);
    if (premier) return premier;
    for (let essai = 1; essai <= ESSAIS; essai++) {
      const destination = await destinations.trouver(entrant.telephone, entrant.etablissementId);
      if (!destination) throw notFound('message.sans_destinataire', "Aucune fiche n'a ce numéro de téléphone.");
      const recu = await deposer(destination, entrant, content);
      if (recu) return recu;
    }
    throw new AppError('conflict', 'fiche.conflit', 'Cette fiche change en ce moment : réessayez.');
  };
}
