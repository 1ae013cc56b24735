import { ageLisible, pseudonymiser, type LigneClinique } from '@mediai/fiche';
import type { Acteur } from '@mediai/kit/acteur';
import { forbidden } from '@mediai/kit/errors';
import { ficheIntrouvable } from '../fiche/acces.ts';
import type { Regles } from '../fiche/build-fiche.ts';
import { plusHaute, type Fiche } from '../fiche/fiche.ts';
import type { Annuaire, FicheStore, Horloge } from '../fiche/ports.ts';

export interface FicheClinique {
  readonly fiche: Pick<Fiche, 'version' | 'urgence_regles' | 'signes_alerte' | 'user' | 'etablissement_id'>;
  readonly lignes: readonly LigneClinique[];
  readonly iaPermise: boolean;
}

/**
 * What the models may see of a fiche: its clinical content without identity, and whether any model may be asked. The
 * rules run again here, on the values that only this service has: since the fiche was written they may have become
 * stricter, and the patient older.
 * Where consent must be explicit none is recorded yet, so no model is asked.
 * @throws AppError forbidden for anyone but the service ia, not_found, unavailable while the consent setting is unknown
 */
export function createGetFicheClinique({ fiches, annuaire, regles, clock }: { fiches: Pick<FicheStore, 'find'>; annuaire: Pick<Annuaire, 'consentementIa'>; regles: Pick<Regles, 'trier'>; clock: Horloge }) {
  return async ({ acteur, id }: { acteur: Acteur; id: number }): Promise<FicheClinique> => {
    if (acteur.service !== 'ia') throw forbidden();
    const fiche = await fiches.find(id);
    if (!fiche) throw ficheIntrouvable();
    const iaPermise = (await annuaire.consentementIa(fiche.etablissement_id)) === 'presume';
    const age = fiche.date_naissance === null ? '' : ageLisible(fiche.date_naissance, fiche.date_consultation);
    const triage = regles.trier(fiche, clock());
    const jugee = { ...fiche, urgence_regles: plusHaute(fiche.urgence_regles, triage.urgence), signes_alerte: triage.signes_alerte };
    return { fiche: jugee, lignes: pseudonymiser(fiche, age), iaPermise };
  };
}
