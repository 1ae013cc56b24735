import { STATUTS, URGENCES } from '@mediai/fiche';
import { quiAgit, type Acteur } from '@mediai/kit/acteur';
import { lirePage, type Compte, type Page } from '@mediai/kit/page';
import { estSienne, exiger, may, visibles } from '../acces/acces.ts';
import type { Journal } from '../acces/journal.ts';
import { ecrireCurseur, lireCurseur, ORDRES_FICHES } from './curseur.ts';
import type { Fiche } from './fiche.ts';
import { NUMERO_DOSSIER } from './numero-dossier.ts';
import type { Vues } from './open-fiche.ts';
import type { FicheStore } from './ports.ts';
import { motsRecherche } from './recherche.ts';
import type { VueFiche } from './vue.ts';

export interface ListFiches extends Page {
  readonly acteur: Acteur;
  readonly status: readonly string[];
  readonly urgence: readonly string[];
  readonly isPatientDistance?: boolean | undefined;
  readonly assignedOnly: boolean;
  readonly search: string;
  readonly ordering: string;
  /** Deleted ones instead; admins only. */
  readonly supprimees?: boolean | undefined;
  /** Reads on behind the place that an earlier page named; the page's number then counts for nothing. */
  readonly cursor?: string | undefined;
}

export interface PageVues extends Compte {
  readonly vues: VueFiche[];
  /** The place behind the page, where the list goes on. */
  readonly curseur: string | undefined;
  /** A colleague's fiche whose exact dossier number was searched for. */
  readonly reservee: Pick<Fiche, 'id' | 'numero_dossier'> | undefined;
}

/** Of some choices those that were asked for, each once; undefined where none was named, and none where no such choice is. */
const parmi = <C extends string>(choix: Record<C, unknown>, demandes: readonly string[]): C[] | undefined =>
  demandes.length === 0 ? undefined : (Object.keys(choix) as C[]).filter((un) => demandes.includes(un));

type Needs = { fiches: Pick<FicheStore, 'list' | 'findNumero'>; journal: Pick<Journal, 'noterPage'>; vues: Vues };

/**
 * A page of the fiches that an actor may see; the count is exact up to 10 000, beyond which one reads on by cursor, and of a list of 1 000 or more it may be ten seconds old. A fiche that a médecin may open with a
 * reason only is in no page: who searches for its exact dossier number is told that it is there. Whole fiches are shown:
 * of each that is not one's own it is noted, once an hour, before the answer.
 * @throws AppError invalid `pagination.trop_profonde` or `pagination.curseur_invalide`; forbidden by role
 */
export function createListFiches({ fiches, journal, vues }: Needs) {
  async function reservee({ acteur, search }: ListFiches): Promise<PageVues['reservee']> {
    const numero = search.trim().toUpperCase();
    if (!NUMERO_DOSSIER.test(numero) || quiAgit(acteur) !== 'medecin') return undefined;
    const fiche = await fiches.findNumero(numero);
    return fiche && may(acteur, 'lire', fiche) === 'motif_requis' ? { id: fiche.id, numero_dossier: fiche.numero_dossier } : undefined;
  }

  return async (demande: ListFiches): Promise<PageVues> => {
    const { acteur } = demande;
    exiger(acteur, 'lister');
    const ordering = ORDRES_FICHES.find((ordre) => ordre === demande.ordering);
    const curseur = demande.cursor === undefined ? undefined : lireCurseur(demande.cursor, ordering);
    const ordre = curseur?.ordre ?? ordering ?? '-created_at';
    const supprimees = demande.supprimees && quiAgit(acteur) === 'admin';
    const pagination = lirePage(curseur ? { ...demande, page: 1 } : demande);
    const trouvees = await fiches.list({
      ...visibles(acteur),
      assigneeA: demande.assignedOnly && quiAgit(acteur) !== 'patient' ? acteur.id : undefined,
      status: parmi(STATUTS, demande.status),
      urgence: parmi(URGENCES, demande.urgence),
      isPatientDistance: demande.isPatientDistance,
      mots: motsRecherche(demande.search),
      supprimees,
      ordre,
      curseur,
      ...pagination,
    });
    const vuDe = await vues.pour(acteur, acteur.etablissementId);
    await journal.noterPage(trouvees.fiches.filter((fiche) => !estSienne(acteur, fiche)), acteur, 'fiche.lister');
    const derniere = trouvees.suite ? trouvees.fiches.at(-1) : undefined;
    return { vues: trouvees.fiches.map(vuDe), curseur: derniere && ecrireCurseur(ordre, derniere), count: trouvees.count, countExact: trouvees.countExact, reservee: await reservee(demande) };
  };
}
