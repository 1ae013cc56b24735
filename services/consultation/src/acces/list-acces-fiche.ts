import type { Lecture, NoterLecture, OpenFiche } from '../fiche/open-fiche.ts';
import { lirePage } from '../fiche/page.ts';
import type { Annuaire, Nom } from '../fiche/ports.ts';
import type { ActeNote, Journal } from './journal.ts';

export interface ListAccesFiche extends Lecture {
  /** From 1; 0 is 1. */
  readonly page: number;
  /** 100 at most; 0 is 20. */
  readonly pageSize: number;
}

/** One opening of a dossier, or another act on it; names are empty where nobody can tell them now. */
export type AccesFiche = ActeNote & Nom;

type Needs = { openFiche: OpenFiche; noterLecture: NoterLecture; journal: Pick<Journal, 'list'>; annuaire: Pick<Annuaire, 'nommer'> };

/**
 * Who opened a dossier or acted on it, its patient apart: when, what and why; newest first. For its patient and the
 * admins of its établissement, whose own look at it is noted as well.
 * @throws AppError forbidden for médecins, not_found for what is not theirs, invalid `pagination.trop_profonde`
 */
export function createListAccesFiche({ openFiche, noterLecture, journal, annuaire }: Needs) {
  return async (demande: ListAccesFiche): Promise<{ acces: AccesFiche[]; count: number; countExact: boolean }> => {
    const ouverture = await openFiche('lister_acces', demande);
    const pagination = lirePage(demande);
    await noterLecture(ouverture);
    const { fiche } = ouverture;
    const { actes, count, countExact } = await journal.list({ ficheId: fiche.id, saufActeur: fiche.user, ...pagination });
    const noms = await annuaire.nommer([...new Set(actes.flatMap(({ acteurId }) => acteurId ?? []))]);
    return { acces: actes.map((acte) => ({ ...acte, ...nomDe(acte, noms) })), count, countExact };
  };
}

function nomDe({ acteurId, role }: ActeNote, noms: Map<number, Nom>): Nom {
  const service = /^service:(.+)$/.exec(role)?.[1];
  if (service) return { username: service, nom: '' };
  return (acteurId === null ? undefined : noms.get(acteurId)) ?? { username: '', nom: '' };
}
