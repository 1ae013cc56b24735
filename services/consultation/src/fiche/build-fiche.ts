import { ageEnAnnees, lireFiche, verifierFiche, type FicheValeurs } from '@mediai/fiche';
import { invalid } from '@mediai/kit/errors';
import { apresTriage, type NouvelleFiche } from './fiche.ts';
import type { Trier, VerifierMesures } from './ports.ts';
import { texteRecherche } from './recherche.ts';
import { versE164 } from './telephone.ts';

export interface Regles {
  readonly trier: Trier;
  readonly verifierMesures: VerifierMesures;
}

const OBLIGATOIRE = 'Ce champ est obligatoire.';

/** Values as they are stored, and as the rules are to read them: a tension typed in cmHg is told as such. */
export interface ValeursLues {
  readonly valeurs: FicheValeurs;
  readonly aTrier: FicheValeurs;
}

/**
 * The values of a new fiche: required fields there, the rest completed by the table's defaults, measures in the form
 * that is stored ("38,5" is 38.5, "16/11" is "160/110"), the age from the birth date where none was given.
 * @param jour today in the établissement's zone
 * @throws AppError invalid with every faulty field in French
 */
export function valeursNouvelles(saisie: Partial<FicheValeurs>, jour: string, maintenant: Date, regles: Regles): ValeursLues {
  const { valeurs, erreurs } = lireFiche(saisie, { complet: true, defauts: true });
  return verifiees(valeurs as FicheValeurs, valeurs, erreurs, jour, maintenant, regles);
}

/**
 * The values of a fiche after an edit; only what was sent is checked.
 * @param complet true for PUT: required fields must be there
 * @throws AppError invalid with every faulty field in French
 */
export function valeursModifiees(avant: FicheValeurs, saisie: Partial<FicheValeurs>, complet: boolean, jour: string, maintenant: Date, regles: Regles): ValeursLues {
  const { valeurs, erreurs } = lireFiche(saisie, { complet, defauts: false });
  const naissanceChangee = valeurs.date_naissance !== undefined && valeurs.date_naissance !== avant.date_naissance;
  const age = naissanceChangee && typeof valeurs.age !== 'number' ? { age: null } : {};
  return verifiees({ ...avant, ...valeurs, ...age }, { date_naissance: avant.date_naissance, age: avant.age, ...valeurs, ...age }, erreurs, jour, maintenant, regles);
}

function verifiees(toutes: FicheValeurs, saisies: Partial<FicheValeurs>, lues: Record<string, string[]>, jour: string, maintenant: Date, regles: Regles): ValeursLues {
  const mesures = regles.verifierMesures(saisies, maintenant);
  const erreurs = { ...mesures.erreurs, ...verifierFiche(saisies, jour), ...lues };
  if (Object.keys(erreurs).length > 0) throw invalid(erreurs, 'fiche.invalide');
  if (toutes.date_naissance === null) throw invalid({ date_naissance: [OBLIGATOIRE] }, 'fiche.invalide');
  const aTrier = { ...toutes, age: toutes.age ?? ageEnAnnees(toutes.date_naissance, jour) };
  return { valeurs: { ...aTrier, ...mesures.normalises }, aTrier };
}

export interface Circonstances {
  readonly numero: string;
  readonly user: number | null;
  readonly assignedMedecin: number | null;
  readonly etablissementId: number;
  readonly taskId: string;
  readonly maintenant: Date;
  readonly jour: string;
  readonly heure: string;
}

/** A fiche at its creation: triage done, analysis asked for. */
export function nouvelleFiche({ valeurs, aTrier }: ValeursLues, c: Circonstances, trier: Trier): NouvelleFiche {
  return {
    ...valeurs,
    ...apresTriage(trier(aTrier, c.maintenant), null, c.maintenant),
    numero_dossier: c.numero,
    recherche: texteRecherche({ ...valeurs, numero_dossier: c.numero }),
    user: c.user,
    assigned_medecin: c.assignedMedecin,
    etablissement_id: c.etablissementId,
    date_consultation: c.jour,
    heure_debut: c.heure,
    heure_fin: null,
    status: 'en_analyse',
    commentaire_rejet: null,
    diagnostic: null,
    traitement: null,
    examen_complementaire: null,
    recommandations: null,
    medecin_validateur: null,
    date_validation: null,
    created_at: c.maintenant,
    updated_at: c.maintenant,
    diagnostic_ia: null,
    signature_medecin: null,
    version: 1,
    urgence_ia: null,
    signes_non_acquittes: [],
    telephone_e164: valeurs.telephone === null ? null : versE164(valeurs.telephone),
    analyses_publiees: [],
    derniere_analyse: null,
    diagnostic_ia_publie: null,
    analyse_task_id: c.taskId,
    analyse_demandee_le: c.maintenant,
    analyse_version: 1,
    analyse_en_cours: true,
    analyse_differee_le: null,
    analyse_echec_code: null,
    analyse_echec_le: null,
  };
}
