import type { FicheMessage } from '@mediai/contracts/consultation/v1/dossier_service';
import { toIso } from './instant.ts';

/** A message of a fiche as JSON, under the contract's names and those that the front ends read beside them. */
export function ficheMessageJson({ id, fiche, author, authorUsername, authorName, content, createdAt }: FicheMessage) {
  const created_at = toIso(createdAt);
  return { id, fiche, author, author_username: authorUsername, content, created_at, sender_id: author, sender_name: authorName, date_envoi: created_at };
}

const instant = { type: ['string', 'null'], format: 'date-time' } as const;

/** Schema of a message of a fiche as answered. */
export const ficheMessageSchema = {
  $id: 'FicheMessage',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    fiche: { type: 'integer' },
    author: { type: 'integer' },
    author_username: { type: 'string' },
    content: { type: 'string' },
    created_at: instant,
    sender_id: { type: 'integer', description: 'Comme `author`.' },
    sender_name: { type: 'string', description: "Prénom et nom de l'auteur." },
    date_envoi: instant,
  },
} as const;
