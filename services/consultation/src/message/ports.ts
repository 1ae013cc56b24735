import type { Fiche } from '../fiche/fiche.ts';
import type { EcriturePiece, EffetsPiece } from '../piece/piece.ts';
import type { Message } from './message.ts';

/** What is to be written; with the provider's id of one that came in. */
export type NouveauMessage = Pick<Message, 'author' | 'content'> & { readonly sourceId?: string };

export interface MessageStore {
  /** All of one fiche, oldest first. */
  list(ficheId: number): Promise<Message[]>;
  /** The one that was made of this source, whatever became of its fiche. */
  findSource(sourceId: string): Promise<(Message & Pick<Fiche, 'etablissement_id'>) | undefined>;
  /** Message, audit row, key and what it raises of the fiche in one transaction; `pleine` where `limite` are there, `double` where its source is known. */
  create(fiche: Fiche, message: NouveauMessage, effets: EffetsPiece<Message>, limite: number): Promise<EcriturePiece<Message>>;
}
