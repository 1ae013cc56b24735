import { AppError, invalid } from '@mediai/kit/errors';
import type { ChangeFiche, Demande, Reponse } from './change-fiche.ts';
import { textesSaisis, transition, type Fiche, type TextesMedecin } from './fiche.ts';
import { jourEtHeure } from './jour.ts';
import type { Annuaire, Horloge } from './ports.ts';

export interface ValidateFiche extends Demande {
  /** Saved first. */
  readonly textes: TextesMedecin;
  /** Analyses to publish; empty for the latest finished. */
  readonly analyses: readonly number[];
}

/** An analysis as ia tells it. */
export interface Analyse {
  readonly id: number;
  readonly ficheId: number;
  readonly etat: string;
  readonly synthese: string | null;
  readonly urgenceIa: string | null;
}

/** @throws AppError not_found, unavailable */
export type LireAnalyse = (id: number) => Promise<Analyse>;

/** Analyses that one validation may name beside the latest: each is asked of ia. */
const ANALYSES_MAX = 20;

type Needs = { changeFiche: ChangeFiche; lireAnalyse: LireAnalyse; annuaire: Pick<Annuaire, 'etablissement'>; clock: Horloge };

/**
 * Validates a fiche and publishes analyses to its patient: those that are named, else the latest finished. Red and
 * orange flags that nobody has acknowledged are recorded.
 * @throws AppError invalid `fiche.etat_invalide` or `analyses`, conflict, stale, forbidden, not_found
 */
export function createValidateFiche({ changeFiche, lireAnalyse, annuaire, clock }: Needs) {
  /** Named analyses beside the latest are asked of ia: the latest is here, so that validating it needs nobody. */
  async function autres({ derniere_analyse }: Fiche, analyses: readonly number[]): Promise<Analyse[]> {
    const inconnues = [...new Set(analyses)].filter((analyse) => analyse !== derniere_analyse);
    if (inconnues.length > ANALYSES_MAX) throw invalid({ analyses: [`Nommez ${ANALYSES_MAX} analyses au plus.`] }, 'fiche.analyse_inconnue');
    return Promise.all(inconnues.map((analyse) => lireAnalyse(analyse).catch((error: unknown) => {
      throw error instanceof AppError && error.kind === 'not_found' ? analyseInconnue() : error;
    })));
  }

  return async (demande: ValidateFiche): Promise<Reponse> => {
    const { acteur } = demande;
    const maintenant = clock();
    const { fuseau } = await annuaire.etablissement(acteur.etablissementId);
    return changeFiche({ action: 'valider', course: 'conflit' }, demande, async (fiche) => {
      const status = transition(fiche.status, 'valider');
      const lues = await autres(fiche, demande.analyses);
      return {
        changement: {
          ...textesSaisis(demande.textes),
          ...publier(fiche, demande.analyses, lues),
          status,
          medecin_validateur: acteur.id,
          date_validation: maintenant,
          heure_fin: fiche.heure_fin ?? jourEtHeure(maintenant, fuseau).heure,
          signes_non_acquittes: fiche.signes_alerte.filter(({ niveau }) => niveau === 'rouge' || niveau === 'orange').map(({ code }) => code),
        },
        evenements: [{ type: 'FicheValidated', medecinId: acteur.id }],
      };
    });
  };
}

const analyseInconnue = (): AppError => invalid({ analyses: ["Cette analyse n'est pas une analyse terminée de la fiche."] }, 'fiche.analyse_inconnue');

function publier(fiche: Fiche, demandees: readonly number[], lues: readonly Analyse[]): Partial<Pick<Fiche, 'analyses_publiees' | 'diagnostic_ia_publie'>> {
  if (lues.some(({ ficheId, etat }) => ficheId !== fiche.id || etat !== 'terminee')) throw analyseInconnue();
  const syntheses = new Map(lues.map(({ id, synthese }) => [id, synthese]));
  if (fiche.derniere_analyse !== null) syntheses.set(fiche.derniere_analyse, fiche.diagnostic_ia);
  const ids = demandees.length > 0 ? demandees : fiche.derniere_analyse === null ? [] : [fiche.derniere_analyse];
  if (ids.some((id) => !syntheses.has(id))) throw analyseInconnue();
  if (ids.length === 0) return fiche.diagnostic_ia === null ? {} : { diagnostic_ia_publie: fiche.diagnostic_ia };
  return {
    analyses_publiees: [...new Set([...fiche.analyses_publiees, ...ids])].sort((a, b) => a - b),
    diagnostic_ia_publie: syntheses.get(Math.max(...ids)) ?? null,
  };
}
