import type { MemoryFichiers } from '../fichier/fichier-store.memory.ts';
import { createMemoryPieces, type MemoryParts } from '../piece/piece-store.memory.ts';
import type { Piece } from '../piece/piece.ts';
import type { Attachment, EcritureAttachment } from './attachment.ts';
import type { AttachmentStore } from './attachment-store.ts';

/** Attachments without a database; their files are kept in the store of files that is given. */
export function createMemoryAttachments({ fichiers, ...parts }: MemoryParts & { fichiers: MemoryFichiers }): AttachmentStore {
  const joindre = (valeurs: EcritureAttachment, base: Piece): Attachment => {
    fichiers.garder(valeurs.fichier);
    return { ...base, ...valeurs };
  };
  return createMemoryPieces<Attachment, EcritureAttachment>(parts, joindre, { supprimeesComptees: true });
}
