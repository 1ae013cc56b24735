import type { Acteur } from '@mediai/kit/acteur';
import { exiger, may, quiAgit, visibles } from '../acces/acces.ts';
import type { Fiche } from './fiche.ts';
import { NUMERO_DOSSIER } from './numero-dossier.ts';
import type { Vues } from './open-fiche.ts';
import { lirePage } from './page.ts';
import type { FicheStore, FiltreFiches } from './ports.ts';
import { motsRecherche } from './recherche.ts';
import type { VueFiche } from './vue.ts';

export interface ListFiches {
  readonly acteur: Acteur;
  readonly status: readonly string[];
  readonly urgence: readonly string[];
  readonly isPatientDistance?: boolean | undefined;
  readonly assignedOnly: boolean;
  readonly search: string;
  readonly ordering: string;
  /** From 1; 0 is 1. */
  readonly page: number;
  /** 100 at most; 0 is 20. */
  readonly pageSize: number;
}

export interface PageVues {
  readonly vues: VueFiche[];
  readonly count: number;
  readonly countExact: boolean;
  /** A colleague's fiche whose exact dossier number was searched for. */
  readonly reservee: Pick<Fiche, 'id' | 'numero_dossier'> | undefined;
}

const ORDRES: readonly FiltreFiches['ordre'][] = ['created_at', '-created_at', 'urgence', '-urgence'];

/** PostgreSQL refuses the character NUL in any text; a word without it is no state, so nothing is found. */
const sansNul = (mot: string): string => mot.replaceAll('\0', '\uFFFD');

type Needs = { fiches: Pick<FicheStore, 'list' | 'findNumero'>; vues: Vues };

/**
 * A page of the fiches that an actor may see; the count is exact up to 10 000. A fiche that a médecin may open with a
 * reason only is in no page: who searches for its exact dossier number is told that it is there. A list is no opening.
 * @throws AppError invalid `pagination.trop_profonde`; forbidden by role
 */
export function createListFiches({ fiches, vues }: Needs) {
  async function reservee({ acteur, search }: ListFiches): Promise<PageVues['reservee']> {
    const numero = search.trim().toUpperCase();
    if (!NUMERO_DOSSIER.test(numero) || quiAgit(acteur) !== 'medecin') return undefined;
    const fiche = await fiches.findNumero(numero);
    return fiche && may(acteur, 'lire', fiche) === 'motif_requis' ? { id: fiche.id, numero_dossier: fiche.numero_dossier } : undefined;
  }

  return async (demande: ListFiches): Promise<PageVues> => {
    const { acteur } = demande;
    exiger(acteur, 'lister');
    const pagination = lirePage(demande);
    const trouvees = await fiches.list({
      ...visibles(acteur),
      assigneeA: demande.assignedOnly && quiAgit(acteur) !== 'patient' ? acteur.id : undefined,
      status: demande.status.map(sansNul),
      urgence: demande.urgence.map(sansNul),
      isPatientDistance: demande.isPatientDistance,
      mots: motsRecherche(demande.search),
      ordre: ORDRES.find((ordre) => ordre === demande.ordering) ?? '-created_at',
      ...pagination,
    });
    const vuDe = await vues.pour(acteur, acteur.etablissementId);
    return { vues: trouvees.fiches.map(vuDe), count: trouvees.count, countExact: trouvees.countExact, reservee: await reservee(demande) };
  };
}
