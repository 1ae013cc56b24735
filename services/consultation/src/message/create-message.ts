import { invalid } from '@mediai/kit/errors';
import { estPatient, exiger } from '../acces/acces.ts';
import type { Reponse } from '../fiche/change-fiche.ts';
import type { OpenFiche } from '../fiche/open-fiche.ts';
import type { Annuaire, Horloge, Trier } from '../fiche/ports.ts';
import { hausseDe } from '../piece/hausse.ts';
import type { DemandePiece, WritePiece } from '../piece/write-piece.ts';
import { nommer, type MessageNomme } from './list-messages.ts';
import { lireContent, MESSAGES_MAX, type Message } from './message.ts';
import type { MessageStore } from './ports.ts';

export interface CreateFicheMessage extends DemandePiece<MessageNomme> {
  readonly content: string;
}

type Needs = { openFiche: OpenFiche; writePiece: WritePiece; messages: Pick<MessageStore, 'create'>; annuaire: Pick<Annuaire, 'nommer'>; trier: Trier; clock: Horloge };

/**
 * Writes a message about a fiche. Triage reads what its patient writes, in the same transaction: urgency rises at once
 * and never falls. What médecins write is about the patient's words, not such words.
 * @throws AppError invalid `content`, or 2 000 messages; conflict, forbidden, not_found
 */
export function createCreateFicheMessage({ openFiche, writePiece, messages, annuaire, trier, clock }: Needs) {
  return async ({ content, idempotence, ...lecture }: CreateFicheMessage): Promise<Reponse<MessageNomme>> => {
    const { acteur, id } = lecture;
    exiger(acteur, 'ecrire_message');
    const texte = lireContent(content);
    const noms = await annuaire.nommer([acteur.id]);
    const ecrire = idempotence && { ...idempotence, ecrire: (message: Message) => idempotence.ecrire(nommer(message, noms)) };
    const reponse = await writePiece(
      'ecrire_message',
      { ...lecture, idempotence: ecrire },
      (ouvrant) => openFiche('ecrire_message', { ...ouvrant, id }),
      ({ fiche }, effets) => {
        const hausse = estPatient(acteur, fiche) ? hausseDe(fiche, { textes: [texte], source: 'messages' }, trier, clock()) : null;
        return messages.create(fiche, { author: acteur.id, content: texte }, { ...effets, hausse }, MESSAGES_MAX);
      },
      { pleine: () => invalid({ non_field_errors: [`Cette fiche compte déjà ${MESSAGES_MAX} messages, le maximum.`] }, 'message.trop_nombreux') },
    );
    return 'vue' in reponse ? { vue: nommer(reponse.vue, noms) } : reponse;
  };
}
