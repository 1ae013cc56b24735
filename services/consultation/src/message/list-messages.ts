import type { Lecture, NoterLecture, OpenFiche } from '../fiche/open-fiche.ts';
import type { Annuaire, Nom } from '../fiche/ports.ts';
import type { Message } from './message.ts';
import type { MessageStore } from './ports.ts';

/** A message with what its author is called; empty while nobody can tell. */
export interface MessageNomme extends Message, Nom {}

const SANS_NOM: Nom = { username: '', nom: '' };

/** A message with the name of its author, where one is known. */
export const nommer = (message: Message, noms: ReadonlyMap<number, Nom>): MessageNomme => ({ ...message, ...(noms.get(message.author) ?? SANS_NOM) });

type Needs = { openFiche: OpenFiche; noterLecture: NoterLecture; messages: Pick<MessageStore, 'list'>; annuaire: Pick<Annuaire, 'nommer'> };

/**
 * The messages of a fiche, oldest first; the names of all authors are asked for at once.
 * @throws AppError forbidden by role or `acces.motif_requis`, not_found
 */
export function createListFicheMessages({ openFiche, noterLecture, messages, annuaire }: Needs) {
  return async (lecture: Lecture): Promise<MessageNomme[]> => {
    const ouverture = await openFiche('lister_messages', lecture);
    await noterLecture(ouverture);
    const tous = await messages.list(ouverture.fiche.id);
    const noms = await annuaire.nommer([...new Set(tous.map(({ author }) => author))]);
    return tous.map((message) => nommer(message, noms));
  };
}
