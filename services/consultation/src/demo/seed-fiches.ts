import { randomUUID } from 'node:crypto';
import { nouvelleFiche, valeursNouvelles, type Regles } from '../fiche/build-fiche.ts';
import { textesSaisis, transition, type NouvelleFiche } from '../fiche/fiche.ts';
import { FUSEAU_SUITE, jourEtHeure } from '../fiche/jour.ts';
import type { NumerosDossier } from '../fiche/numero-dossier.ts';
import type { FicheStore, Horloge } from '../fiche/ports.ts';
import { fichesDemo, type FicheDemo } from './fiches-demo.ts';

/** The demonstration accounts of auth. */
const PATIENT_DEMO = 1;
const MEDECIN_DEMO = 2;
const ETABLISSEMENT = 1;
const DUREE_MS = 40 * 60_000;

type Needs = { fiches: Pick<FicheStore, 'list' | 'create'>; numeros: NumerosDossier; regles: Regles; clock: Horloge };

/**
 * Writes the demonstration fiches where there is no fiche yet; returns how many. Triage really runs; no model is asked:
 * other services are told of the state of each fiche, never of an analysis to be made.
 */
export function createSeedFiches({ fiches, numeros, regles, clock }: Needs) {
  return async (): Promise<number> => {
    const presentes = await fiches.list({ mots: [], ordre: '-created_at', page: 1, pageSize: 1 });
    if (presentes.count > 0) return 0;
    for (const demo of fichesDemo) {
      const fiche = await ecrireDemo(demo);
      await fiches.create(fiche, { acte: { acteur: null, action: 'fiche.demonstration' }, evenements: [{ type: 'FicheEdited' }] });
    }
    return fichesDemo.length;
  };

  async function ecrireDemo({ ilYaHeures, duPatient, saisie, suite }: FicheDemo): Promise<NouvelleFiche> {
    const maintenant = new Date(clock().getTime() - ilYaHeures * 3_600_000);
    const { jour, heure } = jourEtHeure(maintenant, FUSEAU_SUITE);
    const lues = valeursNouvelles(saisie, jour, maintenant, regles);
    const user = duPatient ? PATIENT_DEMO : null;
    const circonstances = { numero: await numeros(maintenant), user, assignedMedecin: null, etablissementId: ETABLISSEMENT, taskId: randomUUID(), maintenant, jour, heure };
    return apres(nouvelleFiche(lues, circonstances, regles.trier), suite);
  }
}

function apres(fiche: NouvelleFiche, suite: FicheDemo['suite']): NouvelleFiche {
  const fin = new Date(fiche.created_at.getTime() + DUREE_MS);
  const sansAnalyse = { ...fiche, analyse_en_cours: false, updated_at: fin };
  const { heure } = jourEtHeure(fin, FUSEAU_SUITE);
  switch (suite.etat) {
    case 'analyse_terminee':
      return { ...sansAnalyse, status: transition(fiche.status, 'finir_analyse'), diagnostic_ia: suite.synthese, analyse_echec_code: suite.echec ?? null, analyse_echec_le: suite.echec ? fin : null };
    case 'rejete_medecin':
      return { ...sansAnalyse, status: transition(fiche.status, 'rejeter'), commentaire_rejet: suite.commentaire, medecin_validateur: MEDECIN_DEMO, heure_fin: heure };
    case 'valide_medecin':
      return {
        ...sansAnalyse, ...textesSaisis(suite.textes), status: transition(fiche.status, 'valider'), medecin_validateur: MEDECIN_DEMO, date_validation: fin, heure_fin: heure,
        diagnostic_ia: suite.synthese, diagnostic_ia_publie: suite.synthese,
      };
  }
}
