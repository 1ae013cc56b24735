import type { Urgence } from '@mediai/fiche';
import { invalid } from '@mediai/kit/errors';
import { estPatient, exiger } from '../acces/acces.ts';
import type { Reponse } from '../fiche/change-fiche.ts';
import type { OpenFiche } from '../fiche/open-fiche.ts';
import type { Annuaire, Horloge, Trier } from '../fiche/ports.ts';
import type { EcrireOrientation } from '../fiche/vue.ts';
import { hausseDe } from '../piece/hausse.ts';
import type { DemandePiece, WritePiece } from '../piece/write-piece.ts';
import { nommer, type MessageNomme } from './list-messages.ts';
import { lireContent, MESSAGES_MAX, type Message } from './message.ts';
import type { MessageStore } from './ports.ts';

/** A message as it was written, and what its fiche is by now: who is in danger reads at once what to do. */
export interface MessageEcrit extends MessageNomme {
  readonly urgence: Urgence;
  /** The fixed text. */
  readonly orientation: string;
}

export interface CreateFicheMessage extends DemandePiece<MessageEcrit> {
  readonly content: string;
}

type Needs = { openFiche: OpenFiche; writePiece: WritePiece; messages: Pick<MessageStore, 'create'>; annuaire: Pick<Annuaire, 'nommer' | 'etablissement'>; trier: Trier; orientation: EcrireOrientation; clock: Horloge };

/**
 * Writes a message about a fiche. Triage reads what its patient writes, in the same transaction: urgency rises at once
 * and never falls. What médecins write is about the patient's words, not such words.
 * @throws AppError invalid `content`, or 2 000 messages; conflict, forbidden, not_found
 */
export function createCreateFicheMessage({ openFiche, writePiece, messages, annuaire, trier, orientation, clock }: Needs) {
  return async ({ content, ...demande }: CreateFicheMessage): Promise<Reponse<MessageEcrit>> => {
    const { acteur, id } = demande;
    exiger(acteur, 'ecrire_message');
    const texte = lireContent(content);
    const noms = await annuaire.nommer([acteur.id]);
    return writePiece(
      'ecrire_message',
      demande,
      (ouvrant) => openFiche('ecrire_message', { ...ouvrant, id }),
      async ({ fiche }, { acte, idempotence }) => {
        const hausse = estPatient(acteur, fiche) ? hausseDe(fiche, { textes: [texte], source: 'messages' }, trier, clock()) : null;
        const apres = { ...fiche, ...hausse };
        const { telephoneUrgence } = await annuaire.etablissement(fiche.etablissement_id);
        const vuDe = (message: Message): MessageEcrit => ({ ...nommer(message, noms), urgence: apres.urgence, orientation: orientation(apres, telephoneUrgence) });
        const cle = idempotence && { ...idempotence, ecrire: (message: Message) => idempotence.ecrire(vuDe(message)) };
        const ecriture = await messages.create(fiche, { author: acteur.id, content: texte }, { acte, idempotence: cle, hausse }, MESSAGES_MAX);
        return typeof ecriture === 'object' && 'ecrite' in ecriture ? { ecrite: vuDe(ecriture.ecrite) } : ecriture;
      },
      { pleine: () => invalid({ non_field_errors: [`Cette fiche compte déjà ${MESSAGES_MAX} messages, le maximum.`] }, 'message.trop_nombreux') },
    );
  };
}
