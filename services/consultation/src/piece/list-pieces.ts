import type { Acteur } from '@mediai/kit/acteur';
import { lirePage, type Compte, type Page } from '@mediai/kit/page';
import { estSienne, exiger, visibles, type Action } from '../acces/acces.ts';
import type { Journal } from '../acces/journal.ts';
import type { NoterLecture, OpenFiche } from '../fiche/open-fiche.ts';
import type { Piece, PieceStore } from './piece.ts';

export interface ListPieces extends Page {
  readonly acteur: Acteur;
  /** Of this fiche only; else of all that the actor may see without a reason. */
  readonly ficheId?: number | undefined;
  readonly motif?: string | undefined;
}

export type PagePieces<P> = { readonly pieces: readonly P[] } & Compte;

type Needs<P extends Piece> = { openFiche: OpenFiche; noterLecture: NoterLecture; journal: Pick<Journal, 'noterPage'>; list: PieceStore<P, never>['list']; action: Action };

/**
 * A page of pieces, newest first: of one fiche, which is an opening of it, or of all fiches in the actor's lists; of each
 * of these that is not their own it is noted, once an hour, before the answer. The count is exact up to 10 000.
 * @throws AppError invalid `pagination.trop_profonde`; forbidden by role or `acces.motif_requis`; not_found
 */
export function createListPieces<P extends Piece>({ openFiche, noterLecture, journal, list, action }: Needs<P>) {
  async function deLaFiche({ acteur, ficheId: id = 0, motif }: ListPieces, pagination: Page): Promise<PagePieces<P>> {
    const ouverture = await openFiche(action, { acteur, id, motif });
    await noterLecture(ouverture);
    return nues(await list({ ficheId: ouverture.fiche.id, ...pagination }));
  }

  return async (demande: ListPieces): Promise<PagePieces<P>> => {
    const { acteur } = demande;
    exiger(acteur, action);
    const pagination = lirePage(demande);
    if (demande.ficheId !== undefined) return deLaFiche(demande, pagination);
    const page = await list({ ...visibles(acteur), ...pagination });
    const sujets = new Map(page.pieces.map(({ sujet }) => [sujet.id, sujet]));
    await journal.noterPage([...sujets.values()].filter((sujet) => !estSienne(acteur, sujet)), acteur, `fiche.${action}`);
    return nues(page);
  };
}

const nues = <P>({ pieces, ...compte }: { pieces: { piece: P }[] } & Compte): PagePieces<P> => ({ pieces: pieces.map(({ piece }) => piece), ...compte });
