import { lirePage, type Compte, type Page } from '@mediai/kit/page';
import { estPatient } from '../acces/acces.ts';
import type { Lecture, NoterLecture, OpenFiche } from '../fiche/open-fiche.ts';
import type { Annuaire, Nom } from '../fiche/ports.ts';
import type { Changement } from './changement.ts';
import { pourMedecin, pourPatient, type ChampChange } from './lecture-historique.ts';

export type ListHistorique = Lecture & Page;

/** What one act changed, as one reader may see it. */
export interface ChangementLu extends Omit<Changement, 'fiche' | 'champs' | 'avant' | 'apres'>, Nom {
  readonly champs: readonly ChampChange[];
}

/** What was changed of fiches, to be read. It is written by the store of fiches, with each change. */
export interface Historique {
  /** Of one fiche, newest first; the count is exact up to 10 000. */
  list(filtre: Page & { readonly ficheId: number }): Promise<{ changements: Changement[] } & Compte>;
}

type Needs = { openFiche: OpenFiche; noterLecture: NoterLecture; historique: Historique; annuaire: Pick<Annuaire, 'nommer'> };

/**
 * Who changed what of a fiche, and when; newest first. Médecins and admins read what was there before and after; a
 * patient the names of the fields, and of what they may not read not even these.
 * @throws AppError forbidden by role or `acces.motif_requis`, not_found, invalid `pagination.trop_profonde`
 */
export function createListHistorique({ openFiche, noterLecture, historique, annuaire }: Needs) {
  return async (demande: ListHistorique): Promise<{ changements: ChangementLu[] } & Compte> => {
    const ouverture = await openFiche('lister_historique', demande);
    const pagination = lirePage(demande);
    await noterLecture(ouverture);
    const { fiche } = ouverture;
    const { changements, ...compte } = await historique.list({ ficheId: fiche.id, ...pagination });
    const noms = await annuaire.nommer([...new Set(changements.flatMap(({ acteurId }) => acteurId ?? []))]);
    const lire = estPatient(demande.acteur, fiche) ? (changement: Changement) => pourPatient(changement, fiche) : pourMedecin;
    return { changements: changements.map((changement) => lu(changement, lire(changement), noms)), ...compte };
  };
}

function lu({ version, le, acteurId, acteurRole, action }: Changement, champs: readonly ChampChange[], noms: ReadonlyMap<number, Nom>): ChangementLu {
  const service = /^service:(.+)$/.exec(acteurRole)?.[1];
  const nom = service === undefined ? ((acteurId === null ? undefined : noms.get(acteurId)) ?? { username: '', nom: '' }) : { username: service, nom: '' };
  return { version, le, acteurId, acteurRole, action, ...nom, champs };
}
