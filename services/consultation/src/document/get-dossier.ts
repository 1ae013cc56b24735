import { profondeurMax } from '@mediai/kit/page';
import type { Attachment } from '../attachment/attachment.ts';
import type { AttachmentStore } from '../attachment/attachment-store.ts';
import type { Lecture, NoterLecture, OpenFiche, Vues } from '../fiche/open-fiche.ts';
import type { Annuaire } from '../fiche/ports.ts';
import type { VueFiche } from '../fiche/vue.ts';
import { RESULTATS_MAX, type LabResult } from '../lab/lab-result.ts';
import type { LabStore } from '../lab/lab-store.ts';
import { nommer, type MessageNomme } from '../message/list-messages.ts';
import type { MessageStore } from '../message/ports.ts';
import { REFERENCES_MAX, type Reference } from '../reference/reference.ts';
import type { ReferenceStore } from '../reference/reference-store.ts';

/** A fiche as its reader may see it, with all that lies beside it, oldest first. */
export interface Dossier {
  readonly vue: VueFiche;
  readonly messages: readonly MessageNomme[];
  readonly references: readonly Reference[];
  readonly resultats: readonly LabResult[];
  readonly attachments: readonly { readonly attachment: Attachment; readonly username: string | undefined }[];
}

type Needs = {
  openFiche: OpenFiche;
  noterLecture: NoterLecture;
  vues: Vues;
  annuaire: Pick<Annuaire, 'nommer'>;
  messages: Pick<MessageStore, 'list'>;
  references: Pick<ReferenceStore, 'listOfFiche'>;
  results: Pick<LabStore, 'listOfFiche'>;
  attachments: Pick<AttachmentStore, 'listOfFiche'>;
};

/**
 * A dossier to take along, as data; that it was read is noted before it is handed over. All names are asked for at once.
 * @throws AppError forbidden by role or `acces.motif_requis`, not_found
 */
export function createGetDossier({ openFiche, noterLecture, vues, annuaire, messages, references, results, attachments }: Needs) {
  return async (lecture: Lecture): Promise<Dossier> => {
    const ouverture = await openFiche('exporter_json', lecture);
    await noterLecture(ouverture);
    const { id } = ouverture.fiche;
    const [vue, ecrits, lues, trouves, joints] = await Promise.all([
      vues.une(lecture.acteur, ouverture.fiche),
      messages.list(id),
      references.listOfFiche(id, REFERENCES_MAX),
      results.listOfFiche(id, RESULTATS_MAX),
      attachments.listOfFiche(id, profondeurMax),
    ]);
    const noms = await annuaire.nommer([...new Set([...ecrits.map(({ author }) => author), ...joints.flatMap(({ auteur }) => auteur ?? [])])]);
    return {
      vue,
      messages: ecrits.map((message) => nommer(message, noms)),
      references: lues.toReversed(),
      resultats: trouves.toReversed(),
      attachments: joints.toReversed().map((attachment) => ({ attachment, username: attachment.auteur === null ? undefined : noms.get(attachment.auteur)?.username })),
    };
  };
}
