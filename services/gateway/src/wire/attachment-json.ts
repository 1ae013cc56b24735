import type { Attachment } from '@mediai/contracts/consultation/v1/attachment_service';
import { toIso } from './instant.ts';

/** What an attachment may be, and what people read of it. */
export const ATTACHMENT_KINDS: Record<string, string> = { image: 'Image/Photo', document: 'Document', xray: 'Radiographie', scan: 'Scanner/IRM', prescription: 'Ordonnance', other: 'Autre' };

/** An attachment as JSON; `origin` is where the client reached the API. */
export function attachmentJson(attachment: Attachment, origin: string) {
  const url = `${origin}/api/v1/attachments/${attachment.id}/download/`;
  return {
    id: attachment.id,
    fiche: attachment.fiche,
    file: url,
    file_url: url,
    file_name: attachment.nom,
    file_size: Number(attachment.taille),
    file_extension: attachment.extension,
    kind: attachment.kind,
    kind_display: ATTACHMENT_KINDS[attachment.kind] ?? attachment.kind,
    note: attachment.note ?? null,
    uploaded_by: attachment.uploadedBy ?? null,
    uploaded_by_username: attachment.uploadedByUsername ?? null,
    created_at: toIso(attachment.createdAt),
  };
}

/** Schema of an attachment as answered. */
export const attachmentSchema = {
  $id: 'Attachment',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    fiche: { type: 'integer' },
    file: { type: 'string', format: 'uri', description: 'Adresse absolue du téléchargement, qui demande le jeton ; `file_url` est la même.' },
    file_url: { type: 'string', format: 'uri' },
    file_name: { type: 'string' },
    file_size: { type: 'integer', description: 'Octets.' },
    file_extension: { type: 'string', description: 'De ce que le fichier est, sans point.' },
    kind: { type: 'string', enum: Object.keys(ATTACHMENT_KINDS) },
    kind_display: { type: 'string' },
    note: { type: ['string', 'null'] },
    uploaded_by: { type: ['integer', 'null'] },
    uploaded_by_username: { type: ['string', 'null'] },
    created_at: { type: ['string', 'null'] },
  },
} as const;
