import { lirePage, type Compte, type Page } from '@mediai/kit/page';
import type { Lecture, NoterLecture, OpenFiche } from '../fiche/open-fiche.ts';
import type { Annuaire, Nom } from '../fiche/ports.ts';
import type { ActeNote, Journal } from './journal.ts';

export type ListAccesFiche = Lecture & Page;

/** One opening of a dossier, or another act on it; names are empty where nobody can tell them now. */
export type AccesFiche = ActeNote & Nom;

type Needs = { openFiche: OpenFiche; noterLecture: NoterLecture; journal: Pick<Journal, 'list'>; annuaire: Pick<Annuaire, 'nommer'> };

/**
 * Who opened a dossier or acted on it, its patient apart: when, what and why; newest first. For its patient and the
 * admins of its établissement, whose own look at it is noted as well.
 * @throws AppError forbidden for médecins, not_found for what is not theirs, invalid `pagination.trop_profonde`
 */
export function createListAccesFiche({ openFiche, noterLecture, journal, annuaire }: Needs) {
  return async (demande: ListAccesFiche): Promise<{ acces: AccesFiche[] } & Compte> => {
    const ouverture = await openFiche('lister_acces', demande);
    const pagination = lirePage(demande);
    await noterLecture(ouverture);
    const { fiche } = ouverture;
    const { actes, ...compte } = await journal.list({ ficheId: fiche.id, saufActeur: fiche.user, ...pagination });
    const noms = await annuaire.nommer([...new Set(actes.flatMap(({ acteurId }) => acteurId ?? []))]);
    return { acces: actes.map((acte) => ({ ...acte, ...nomDe(acte, noms) })), ...compte };
  };
}

function nomDe({ acteurId, acteurRole }: ActeNote, noms: Map<number, Nom>): Nom {
  const service = /^service:(.+)$/.exec(acteurRole)?.[1];
  if (service) return { username: service, nom: '' };
  return (acteurId === null ? undefined : noms.get(acteurId)) ?? { username: '', nom: '' };
}
