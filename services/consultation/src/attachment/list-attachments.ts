import type { Acteur } from '@mediai/kit/acteur';
import { lirePage, type Compte, type Page } from '@mediai/kit/page';
import { estSienne, exiger, visibles } from '../acces/acces.ts';
import type { Journal } from '../acces/journal.ts';
import type { NoterLecture, OpenFiche } from '../fiche/open-fiche.ts';
import type { Attachment, AttachmentStore } from './attachment.ts';

export interface ListAttachments extends Page {
  readonly acteur: Acteur;
  /** Of this fiche only. */
  readonly ficheId?: number | undefined;
  readonly motif?: string | undefined;
}

export type PageAttachments = { readonly attachments: readonly Attachment[] } & Compte;

type Needs = { attachments: Pick<AttachmentStore, 'list'>; openFiche: OpenFiche; noterLecture: NoterLecture; journal: Pick<Journal, 'noterPage'> };

/**
 * A page of attachments, newest first: of one fiche, which is an opening of it, or of all that the actor may see without
 * a reason; of each of these fiches that is not their own it is noted, once an hour, before the answer.
 * @throws AppError invalid `pagination.trop_profonde`; forbidden by role or `acces.motif_requis`; not_found
 */
export function createListAttachments({ attachments, openFiche, noterLecture, journal }: Needs) {
  return async (demande: ListAttachments): Promise<PageAttachments> => {
    const { acteur, ficheId, motif } = demande;
    exiger(acteur, 'lister_attachments');
    const pagination = lirePage(demande);
    if (ficheId !== undefined) await noterLecture(await openFiche('lister_attachments', { acteur, id: ficheId, motif }));
    const { trouves, ...compte } = await attachments.list({ ...(ficheId === undefined ? visibles(acteur) : { ficheId }), ...pagination });
    if (ficheId === undefined) {
      const sujets = new Map(trouves.map(({ sujet }) => [sujet.id, sujet]));
      await journal.noterPage([...sujets.values()].filter((sujet) => !estSienne(acteur, sujet)), acteur, 'fiche.lister_attachments');
    }
    return { attachments: trouves.map(({ attachment }) => attachment), ...compte };
  };
}
