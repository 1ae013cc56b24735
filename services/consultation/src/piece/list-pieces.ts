import type { Acteur } from '@mediai/kit/acteur';
import { lirePage, lirePlace, type Page } from '@mediai/kit/page';
import { estSienne, exiger, visibles, type Action } from '../acces/acces.ts';
import type { Journal } from '../acces/journal.ts';
import type { NoterLecture, OpenFiche } from '../fiche/open-fiche.ts';
import type { FiltrePieces, PageListee } from './piece.ts';

export interface ListPieces extends Page {
  readonly acteur: Acteur;
  /** Of this fiche only; else of all that the actor may see without a reason. */
  readonly ficheId?: number | undefined;
  readonly motif?: string | undefined;
  /** Reads on behind the place that an earlier page named; the page's number then counts for nothing. */
  readonly cursor?: string | undefined;
}

export type PagePieces<P> = Omit<PageListee<P>, 'pieces'> & { readonly pieces: readonly P[] };

type Place = Pick<FiltrePieces, 'page' | 'pageSize' | 'apres'>;
type Needs<P> = { openFiche: OpenFiche; noterLecture: NoterLecture; journal: Pick<Journal, 'noterPage'>; list: (filtre: FiltrePieces) => Promise<PageListee<P>>; action: Action };

/**
 * A page of pieces, newest first: of one fiche, which is an opening of it, or of all fiches in the actor's lists; of each
 * of these that is not their own it is noted, once an hour, before the answer. The count is exact up to 10 000, beyond which one reads on by cursor.
 * @throws AppError invalid `pagination.trop_profonde` or `pagination.curseur_invalide`; forbidden by role or `acces.motif_requis`; not_found
 */
export function createListPieces<P>({ openFiche, noterLecture, journal, list, action }: Needs<P>) {
  async function deLaFiche({ acteur, ficheId: id = 0, motif }: ListPieces, place: Place): Promise<PagePieces<P>> {
    const ouverture = await openFiche(action, { acteur, id, motif });
    await noterLecture(ouverture);
    return nues(await list({ ficheId: ouverture.fiche.id, ...place }));
  }

  return async (demande: ListPieces): Promise<PagePieces<P>> => {
    const { acteur } = demande;
    exiger(acteur, action);
    const apres = lirePlace(demande.cursor);
    const place = { ...lirePage(apres === undefined ? demande : { ...demande, page: 1 }), apres };
    if (demande.ficheId !== undefined) return deLaFiche(demande, place);
    const page = await list({ ...visibles(acteur), ...place });
    const sujets = new Map(page.pieces.map(({ sujet }) => [sujet.id, sujet]));
    await journal.noterPage([...sujets.values()].filter((sujet) => !estSienne(acteur, sujet)), acteur, `fiche.${action}`);
    return nues(page);
  };
}

const nues = <P>({ pieces, ...page }: PageListee<P>): PagePieces<P> => ({ pieces: pieces.map(({ piece }) => piece), ...page });
