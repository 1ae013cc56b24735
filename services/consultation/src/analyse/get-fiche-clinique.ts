import { ageLisible, pseudonymiser, type LigneClinique } from '@mediai/fiche';
import type { Acteur } from '@mediai/kit/acteur';
import type { Regles } from '../fiche/build-fiche.ts';
import { apresTriage, plusHaute, type Fiche } from '../fiche/fiche.ts';
import type { NoterLecture, OpenFiche } from '../fiche/open-fiche.ts';
import type { Annuaire, Horloge } from '../fiche/ports.ts';

export interface FicheClinique {
  readonly fiche: Pick<Fiche, 'version' | 'urgence_regles' | 'signes_alerte' | 'user' | 'etablissement_id'>;
  /** None where no model may be asked. */
  readonly lignes: readonly LigneClinique[];
  readonly iaPermise: boolean;
}

type Needs = { openFiche: OpenFiche; noterLecture: NoterLecture; annuaire: Pick<Annuaire, 'consentementIa' | 'consentement'>; regles: Pick<Regles, 'trier'>; clock: Horloge };

/**
 * What the models may see of a fiche: its clinical content without identity, where they may be asked at all. The
 * rules run again here, on the values that only this service has: since the fiche was written they may have become
 * stricter, and the patient older.
 * @throws AppError forbidden for anyone but the service ia, not_found, unavailable while the consent is unknown
 */
export function createGetFicheClinique({ openFiche, noterLecture, annuaire, regles, clock }: Needs) {
  /**
   * Asked each time: a consent may be withdrawn at any moment. Where it must be explicit a fiche needs an owner who gave
   * it; where it is presumed only an owner's objection counts.
   */
  async function consentie({ user, etablissement_id }: Fiche): Promise<boolean> {
    const explicite = (await annuaire.consentementIa(etablissement_id)) !== 'presume';
    if (user === null) return !explicite;
    const etat = await annuaire.consentement(user);
    return explicite ? etat === 'accorde' : etat !== 'retire';
  }

  return async ({ acteur, id }: { acteur: Acteur; id: number }): Promise<FicheClinique> => {
    const ouverture = await openFiche('lire_clinique', { acteur, id });
    const { fiche } = ouverture;
    const iaPermise = await consentie(fiche);
    const triage = apresTriage(regles.trier(fiche, clock()), fiche, clock());
    const jugee = { ...fiche, urgence_regles: plusHaute(fiche.urgence_regles, triage.urgence_regles), signes_alerte: triage.signes_alerte };
    if (!iaPermise) return { fiche: { ...jugee, signes_alerte: [] }, lignes: [], iaPermise };
    await noterLecture(ouverture);
    const age = fiche.date_naissance === null ? '' : ageLisible(fiche.date_naissance, fiche.date_consultation);
    return { fiche: jugee, lignes: pseudonymiser(fiche, age), iaPermise };
  };
}
