import type { Fiche } from '../fiche/fiche.ts';
import type { EcriturePiece, EffetsPiece } from '../piece/piece.ts';
import type { Message } from './message.ts';

export interface MessageStore {
  /** All of one fiche, oldest first. */
  list(ficheId: number): Promise<Message[]>;
  /** Message, audit row, key and what it raises of the fiche in one transaction; `pleine` where `limite` are there. */
  create(fiche: Fiche, message: Pick<Message, 'author' | 'content'>, effets: EffetsPiece<Message>, limite: number): Promise<EcriturePiece<Message>>;
}
