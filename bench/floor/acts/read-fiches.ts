import { STATUTS, URGENCES } from '@mediai/fiche';
import { quiAgit } from '@mediai/kit/acteur';
import { lirePage, type Compte, type Page } from '@mediai/kit/page';
import { exiger, may, visibles } from '../../../services/consultation/src/acces/acces.ts';
import { ecrireCurseur, lireCurseur, ORDRES_FICHES } from '../../../services/consultation/src/fiche/curseur.ts';
import type { Fiche } from '../../../services/consultation/src/fiche/fiche.ts';
import { NUMERO_DOSSIER } from '../../../services/consultation/src/fiche/numero-dossier.ts';
import { motsRecherche } from '../../../services/consultation/src/fiche/recherche.ts';
import type { VueFiche } from '../../../services/consultation/src/fiche/vue.ts';
import type { Appel } from '../appel.ts';
import { listFiches } from '../sql/fiche-list-sql.ts';
import { findNumero } from '../sql/fiche-read-sql.ts';
import type { FicheParts } from './fiche-parts.ts';
import { readFiche } from './open-fiche.ts';

/** What is asked of a list, as the gateway asks it of consultation. */
export interface DemandeListe extends Page {
  readonly status: readonly string[];
  readonly urgence: readonly string[];
  readonly isPatientDistance?: boolean | undefined;
  readonly assignedOnly: boolean;
  readonly search: string;
  readonly ordering: string;
  readonly supprimees: boolean;
  readonly cursor?: string | undefined;
}

export type Reservee = Pick<Fiche, 'id' | 'numero_dossier'>;
export type PageVues = Compte & { readonly vues: VueFiche[]; readonly nextCursor: string | undefined; readonly reservee: Reservee | undefined };

const parmi = <C extends string>(choix: Record<C, unknown>, demandes: readonly string[]): C[] | undefined =>
  demandes.length === 0 ? undefined : (Object.keys(choix) as C[]).filter((un) => demandes.includes(un));

/** Reading of fiches: one, or a page. */
export function createReadFiches({ pool, vues }: FicheParts) {
  async function reservee({ acteur }: Appel, search: string): Promise<Reservee | undefined> {
    const numero = search.trim().toUpperCase();
    if (!NUMERO_DOSSIER.test(numero) || quiAgit(acteur) !== 'medecin') return undefined;
    const fiche = await findNumero(pool, numero);
    return fiche && may(acteur, 'lire', fiche) === 'motif_requis' ? { id: fiche.id, numero_dossier: fiche.numero_dossier } : undefined;
  }

  return {
    /** One fiche as the actor may see it. @throws AppError */
    async getFiche(appel: Appel, id: number): Promise<VueFiche> {
      return vues.une(appel.acteur, await readFiche(pool, appel, 'lire', id));
    },

    /** A page of the fiches that the actor may see. @throws AppError */
    async listFiches(appel: Appel, demande: DemandeListe): Promise<PageVues> {
      const { acteur } = appel;
      exiger(acteur, 'lister');
      const ordering = ORDRES_FICHES.find((ordre) => ordre === demande.ordering);
      const curseur = demande.cursor === undefined ? undefined : lireCurseur(demande.cursor, ordering);
      const ordre = curseur?.ordre ?? ordering ?? '-created_at';
      const filtre = {
        ...visibles(acteur),
        assigneeA: demande.assignedOnly && quiAgit(acteur) !== 'patient' ? acteur.id : undefined,
        status: parmi(STATUTS, demande.status),
        urgence: parmi(URGENCES, demande.urgence),
        isPatientDistance: demande.isPatientDistance,
        mots: motsRecherche(demande.search),
        supprimees: demande.supprimees && quiAgit(acteur) === 'admin',
        ordre,
        curseur,
        ...lirePage(curseur ? { ...demande, page: 1 } : demande),
      };
      const trouvees = await listFiches(pool, filtre, appel);
      const vuDe = await vues.pour(acteur, acteur.etablissementId);
      const derniere = trouvees.suite ? trouvees.fiches.at(-1) : undefined;
      return { vues: trouvees.fiches.map(vuDe), count: trouvees.count, countExact: trouvees.countExact, nextCursor: derniere && ecrireCurseur(ordre, derniere), reservee: await reservee(appel, demande.search) };
    },
  };
}
