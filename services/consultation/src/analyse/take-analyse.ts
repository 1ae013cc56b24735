import { URGENCES, type Urgence } from '@mediai/fiche';
import { plusHaute, transition, type Changement, type Fiche } from '../fiche/fiche.ts';
import type { FicheStore, Horloge } from '../fiche/ports.ts';
import type { Analyse, LireAnalyse } from '../fiche/validate-fiche.ts';

/** The end of an analysis as ia announced it. */
export interface FinAnalyse {
  readonly eventId: string;
  readonly analyseId: number;
  readonly ficheId: number;
  /** Version of the fiche that was analysed. */
  readonly ficheVersion: number;
  readonly taskId: string;
  /** Code of the failure; null when there is an answer. */
  readonly echec: string | null;
}

type Needs = { fiches: Pick<FicheStore, 'find' | 'update' | 'marquerRecu'>; lireAnalyse: LireAnalyse; clock: Horloge };

/**
 * Takes the end of an analysis into its fiche, once per event. A stale one (another task was asked for since, or the
 * fiche was edited) changes nothing; a validated or rejected fiche keeps its status; urgency only rises.
 * @throws AppError unavailable while ia cannot be asked for the answer
 */
export function createTakeAnalyse({ fiches, lireAnalyse, clock }: Needs) {
  return async (fin: FinAnalyse): Promise<void> => {
    let analyse: Analyse | undefined;
    for (;;) {
      const fiche = await fiches.find(fin.ficheId);
      if (!fiche || estPerimee(fiche, fin)) return fiches.marquerRecu(fin.eventId);
      if (fin.echec === null) analyse ??= await lireAnalyse(fin.analyseId);
      const changement = analyse ? avecReponse(fiche, analyse) : avecEchec(fiche, fin.echec ?? 'analyse.echec', clock());
      const ecriture = await fiches.update(fiche, changement, {
        acte: { acteur: null, action: analyse ? 'fiche.analyse_terminee' : 'fiche.analyse_echouee' },
        evenements: [{ type: 'FicheAnalysed', analyseId: analyse?.id ?? null }],
        evenementRecu: fin.eventId,
      });
      if (ecriture !== 'perdue') return;
    }
  };
}

function estPerimee(fiche: Fiche, { taskId, ficheVersion }: FinAnalyse): boolean {
  return fiche.analyse_task_id !== taskId || ficheVersion < fiche.analyse_version;
}

function avecReponse(fiche: Fiche, { id, synthese, urgenceIa }: Analyse): Changement {
  const lue = urgenceIa !== null && urgenceIa in URGENCES ? (urgenceIa as Urgence) : null;
  return {
    status: transition(fiche.status, 'finir_analyse'),
    diagnostic_ia: synthese,
    derniere_analyse: id,
    urgence_ia: lue,
    urgence: plusHaute(fiche.urgence, fiche.urgence_regles, lue),
    analyse_en_cours: false,
    analyse_echec_code: null,
    analyse_echec_le: null,
  };
}

/** What a wholly failed analysis leaves: the fiche never hangs, and an earlier synthesis of the same content stays. */
export function avecEchec(fiche: Fiche, code: string, maintenant: Date): Changement {
  return {
    status: transition(fiche.status, 'finir_analyse'),
    analyse_en_cours: false,
    analyse_differee_le: null,
    analyse_echec_code: code.slice(0, 60),
    analyse_echec_le: maintenant,
  };
}
