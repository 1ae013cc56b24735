import type { Acteur } from '@mediai/kit/acteur';
import { AppError } from '@mediai/kit/errors';
import { exigerRole, quiAgit } from './acces.ts';
import type { Vues } from './open-fiche.ts';
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

export const PROFONDEUR_MAX = 10_000;
const PAGE_SIZE = 20;
const PAGE_SIZE_MAX = 100;
const ORDRES: readonly FiltreFiches['ordre'][] = ['created_at', '-created_at', 'urgence', '-urgence'];

/** PostgreSQL refuses the character NUL in any text; a word without it is no state, so nothing is found. */
const sansNul = (mot: string): string => mot.replaceAll('\0', '\uFFFD');

type Needs = { fiches: Pick<FicheStore, 'list'>; vues: Vues };

/**
 * A page of the fiches that an actor may see; the count is exact up to 10 000.
 * @throws AppError invalid `pagination.trop_profonde` beyond the 10 000th row; forbidden by role
 */
export function createListFiches({ fiches, vues }: Needs) {
  return async (demande: ListFiches): Promise<{ vues: VueFiche[]; count: number; countExact: boolean }> => {
    const { acteur } = demande;
    exigerRole(acteur, 'lister');
    const page = Math.max(1, demande.page);
    const pageSize = demande.pageSize < 1 ? PAGE_SIZE : Math.min(demande.pageSize, PAGE_SIZE_MAX);
    if (page * pageSize > PROFONDEUR_MAX) throw new AppError('invalid', 'pagination.trop_profonde', 'Cette page est trop loin : précisez votre recherche.');
    const trouvees = await fiches.list({
      ...visibles(acteur),
      assigneeA: demande.assignedOnly && quiAgit(acteur) !== 'patient' ? acteur.id : undefined,
      status: demande.status.map(sansNul),
      urgence: demande.urgence.map(sansNul),
      isPatientDistance: demande.isPatientDistance,
      mots: motsRecherche(demande.search),
      ordre: ORDRES.find((ordre) => ordre === demande.ordering) ?? '-created_at',
      page,
      pageSize,
    });
    const vuDe = await vues.pour(acteur, acteur.etablissementId);
    return { vues: trouvees.fiches.map(vuDe), count: trouvees.count, countExact: trouvees.countExact };
  };
}

/** The same reach as `may`, as a filter. */
function visibles(acteur: Acteur): Pick<FiltreFiches, 'user' | 'etablissementId' | 'visibleDe'> {
  switch (quiAgit(acteur)) {
    case 'patient':
      return { user: acteur.id };
    case 'admin':
      return { etablissementId: acteur.etablissementId };
    default:
      return { etablissementId: acteur.etablissementId, visibleDe: acteur.id };
  }
}
