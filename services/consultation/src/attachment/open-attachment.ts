import { AppError } from '@mediai/kit/errors';
import { exiger, type Action } from '../acces/acces.ts';
import type { Lecture, NoterLecture, OpenFiche, Ouverture } from '../fiche/open-fiche.ts';
import type { LireFichier, FichierLu } from '../fichier/lire-fichier.ts';
import { attachmentIntrouvable, exigerSien, lireDits, type Attachment, type AttachmentStore, type DitsSaisis, type NonEcrit } from './attachment.ts';

type Needs = { attachments: AttachmentStore; openFiche: OpenFiche; noterLecture: NoterLecture };
type Ouvert = Ouverture & { readonly attachment: Attachment };

/** No fiche has this id: who asks for what is not there waits as long as who asks for another's. */
const AUCUNE_FICHE = 0;
const ESSAIS = 5;

export const conflit = (): AppError => new AppError('conflict', 'fiche.conflit', 'Cette fiche vient de changer : réessayez.');

/**
 * Finds an attachment for an act of someone who may do it, by opening its fiche.
 * @throws AppError not_found `attachment.introuvable` for what is missing or not theirs to see, and what opening a fiche throws
 */
function createOpenAttachment({ attachments, openFiche }: Omit<Needs, 'noterLecture'>) {
  return async (action: Action, { id, ...lecture }: Lecture): Promise<Ouvert> => {
    exiger(lecture.acteur, action);
    const attachment = await attachments.find(id);
    const ouverture = await openFiche(action, { ...lecture, id: attachment?.fiche ?? AUCUNE_FICHE }).catch((thrown: unknown) => {
      throw thrown instanceof AppError && thrown.kind === 'not_found' ? attachmentIntrouvable() : thrown;
    });
    if (!attachment) throw attachmentIntrouvable();
    return { ...ouverture, attachment };
  };
}

/** One attachment, its bytes, and changes of it: each is an act on its fiche. */
export function createAttachmentActs({ attachments, openFiche, noterLecture, lireFichier }: Needs & { lireFichier: LireFichier }) {
  const ouvrir = createOpenAttachment({ attachments, openFiche });

  async function lire(lecture: Lecture): Promise<Attachment> {
    const ouvert = await ouvrir('lire_attachment', lecture);
    await noterLecture(ouvert);
    return ouvert.attachment;
  }

  async function telecharger(lecture: Lecture): Promise<FichierLu> {
    const ouvert = await ouvrir('telecharger_attachment', lecture);
    const lu = await lireFichier(ouvert.attachment.fichier.id);
    await noterLecture(ouvert);
    return lu;
  }

  /** Decides again where the fiche has changed meanwhile. */
  async function changer(action: Action, lecture: Lecture, ecrire: (ouvert: Ouvert) => Promise<Attachment | NonEcrit>): Promise<Attachment> {
    for (let essai = 1; essai <= ESSAIS; essai++) {
      const ouvert = await ouvrir(action, essai === 1 ? lecture : { acteur: lecture.acteur, id: lecture.id });
      exigerSien(lecture.acteur, ouvert.fiche, ouvert.attachment);
      const ecrit = await ecrire(ouvert);
      if (ecrit === 'absent') throw attachmentIntrouvable();
      if (ecrit !== 'perdue') return ecrit;
    }
    throw conflit();
  }

  return {
    getAttachment: lire,
    downloadAttachment: telecharger,
    /** @param complet what was not said goes back to its default */
    updateAttachment: ({ dits, complet, ...lecture }: Lecture & { dits: DitsSaisis; complet: boolean }): Promise<Attachment> =>
      changer('modifier_attachment', lecture, ({ fiche, acte, attachment }) => attachments.update(fiche, attachment.id, lireDits(dits, complet ? undefined : attachment), acte)),
    deleteAttachment: async (lecture: Lecture): Promise<void> => {
      await changer('supprimer_attachment', lecture, ({ fiche, acte, attachment }) => attachments.delete(fiche, attachment.id, acte));
    },
  };
}

export type AttachmentActs = ReturnType<typeof createAttachmentActs>;
