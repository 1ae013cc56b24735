import { invalid } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import type { Cle } from '../acces/journal.ts';
import type { Lecture, OpenFiche } from '../fiche/open-fiche.ts';
import type { DeposerFichier } from '../fichier/deposer-fichier.ts';
import { REGLES_DOCUMENT } from '../fichier/fichier.ts';
import type { FichierDepose, Octets } from '../fichier/ports.ts';
import { lireDits, tropDAttachments, type Attachment, type AttachmentStore, type DitsSaisis } from './attachment.ts';
import { conflit } from './open-attachment.ts';

/** A file as it comes, and the form that ends it. */
export interface CreateAttachment extends Omit<Lecture, 'id'> {
  /** Undefined where the form held no file. */
  readonly nom: string | undefined;
  readonly contenu: Octets;
  /** Known once the bytes are read. */
  readonly formulaire: () => DitsSaisis & { readonly fiche: number };
  /** Its body is what was said and what the file is. */
  readonly idempotence?: ((depose: FichierDepose) => Omit<Cle, 'acteurId'> & { readonly ecrire: (attachment: Attachment) => Uint8Array }) | undefined;
}

type Needs = { attachments: Pick<AttachmentStore, 'create'>; openFiche: OpenFiche; deposerFichier: DeposerFichier };
type Reponse = { readonly vue: Attachment } | { readonly rejouee: Uint8Array };

const CHAMP = 'file';
const ESSAIS = 5;

/**
 * Puts a file beside a fiche. The role is judged before a byte is read, the file before the fiche that the form names at
 * its end; of what comes to nothing neither bytes nor a row stay.
 * @throws AppError invalid by field (`fichier.*`), forbidden, not_found, conflict, unavailable
 */
export function createCreateAttachment({ attachments, openFiche, deposerFichier }: Needs) {
  return async ({ acteur, motif, nom, contenu, formulaire, idempotence }: CreateAttachment): Promise<Reponse> => {
    exiger(acteur, 'joindre');
    if (nom === undefined) throw invalid({ [CHAMP]: ['Joignez un fichier.'] }, 'fichier.absent');
    return deposerFichier.avec<Reponse>({ contenu, nom, etablissementId: acteur.etablissementId, regles: { ...REGLES_DOCUMENT, champ: CHAMP } }, async (depose) => {
      const { fiche: id, ...saisis } = formulaire();
      const dits = lireDits(saisis);
      const cle = idempotence && { ...idempotence(depose), acteurId: acteur.id };
      for (let essai = 1; essai <= ESSAIS; essai++) {
        const { fiche, acte } = await openFiche('joindre', { acteur, id, motif: essai === 1 ? motif : undefined });
        const ecriture = await attachments.create(fiche, dits, depose, acteur, acte, cle);
        if (ecriture === 'perdue') continue;
        if (ecriture === 'plein') throw tropDAttachments();
        if ('rejouee' in ecriture) return { reponse: ecriture, garde: false };
        return { reponse: { vue: ecriture.cree }, garde: true };
      }
      throw conflit();
    });
  };
}
