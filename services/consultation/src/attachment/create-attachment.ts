import { invalid } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import type { Reponse } from '../fiche/change-fiche.ts';
import type { Lecture, OpenFiche } from '../fiche/open-fiche.ts';
import type { DeposerFichier } from '../fichier/deposer-fichier.ts';
import { REGLES_DOCUMENT } from '../fichier/fichier.ts';
import type { FichierDepose, Octets } from '../fichier/ports.ts';
import type { ClePiece, WritePiece } from '../piece/write-piece.ts';
import { ATTACHMENTS_MAX, lireDits, type Attachment, type DitsSaisis } from './attachment.ts';
import type { AttachmentStore } from './attachment-store.ts';
import { REFUS } from './refus.ts';

/** A file as it comes, and the form that ends it. */
export interface CreateAttachment extends Omit<Lecture, 'id'> {
  /** Undefined where the form held no file. */
  readonly nom: string | undefined;
  readonly contenu: Octets;
  /** Known once the bytes are read. */
  readonly formulaire: () => DitsSaisis & { readonly fiche: number };
  /** Its body is what was said and what the file is. */
  readonly idempotence?: ((depose: FichierDepose) => ClePiece<Attachment>) | undefined;
}

type Needs = { openFiche: OpenFiche; writePiece: WritePiece; attachments: Pick<AttachmentStore, 'create'>; deposerFichier: DeposerFichier };

const CHAMP = 'file';

/**
 * Puts a file beside a fiche. The role is judged before a byte is read, the file before the fiche that the form names at
 * its end; of what comes to nothing neither bytes nor a row stay.
 * @throws AppError invalid by field (`fichier.*`), forbidden, not_found, conflict, unavailable
 */
export function createCreateAttachment({ openFiche, writePiece, attachments, deposerFichier }: Needs) {
  return async ({ acteur, motif, nom, contenu, formulaire, idempotence }: CreateAttachment): Promise<Reponse<Attachment>> => {
    exiger(acteur, 'joindre');
    if (nom === undefined) throw invalid({ [CHAMP]: ['Joignez un fichier.'] }, 'fichier.absent');
    return deposerFichier.avec({ contenu, nom, etablissementId: acteur.etablissementId, regles: { ...REGLES_DOCUMENT, champ: CHAMP } }, async (fichier) => {
      const { fiche: id, ...saisis } = formulaire();
      const dits = lireDits(saisis);
      const reponse = await writePiece(
        'joindre',
        { acteur, id, motif, idempotence: idempotence?.(fichier) },
        (ouvrant) => openFiche('joindre', { ...ouvrant, id }),
        ({ fiche }, effets) => attachments.create(fiche, { ...dits, fichier }, acteur.id, effets, ATTACHMENTS_MAX),
        REFUS,
      );
      return { reponse, garde: 'vue' in reponse };
    });
  };
}
