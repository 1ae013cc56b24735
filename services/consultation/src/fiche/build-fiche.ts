import { ageEnAnnees, CHAMP_PAR_NOM, CHAMPS, lireFiche, refus, verifierFiche, type ErreursParChamp, type FicheValeurs, type NomChamp } from '@mediai/fiche';
import { invalidNamed, type AppError } from '@mediai/kit/errors';
import { apresTriage, type Fiche, type NouvelleFiche } from './fiche.ts';
import type { Trier, VerifierMesures } from './ports.ts';
import { texteRecherche } from './recherche.ts';
import { telephonesE164, verifierTelephones } from './telephone.ts';

export interface Regles {
  readonly trier: Trier;
  readonly verifierMesures: VerifierMesures;
}

/** What a given age may differ from the one that the birth date gives, in years: a birthday, or how it was counted. */
const ECART_AGE = 1;

/** Values as they are stored, and as the rules are to read them: a tension typed in cmHg is told as such. */
export interface ValeursLues {
  readonly valeurs: FicheValeurs;
  readonly aTrier: FicheValeurs;
}

/** When it is: what is sent is judged by today, the age is that of the consultation. Days are `YYYY-MM-DD`. */
export interface Dates {
  readonly aujourdhui: string;
  readonly consultation: string;
  readonly maintenant: Date;
}

/**
 * The values of a new fiche: required fields there, the rest completed by the table's defaults, measures in the form
 * that is stored ("38,5" is 38.5, "16/11" is "160/110"), the age from the birth date.
 * @param jour today in the établissement's zone
 * @throws AppError invalid with every faulty field in French
 */
export function valeursNouvelles(saisie: Partial<FicheValeurs>, jour: string, maintenant: Date, regles: Regles): ValeursLues {
  const { valeurs, erreurs } = lireFiche(saisie, { complet: true, defauts: true });
  return verifiees(valeurs as FicheValeurs, valeurs, erreurs, { aujourdhui: jour, consultation: jour, maintenant }, regles);
}

/**
 * The values of a fiche after an edit; only what was sent is checked, and neither a phone nor an age that is sent back as
 * it was. A birth date that was sent gives the age anew.
 * @param complet true for PUT: required fields must be there
 * @throws AppError invalid with every faulty field in French
 */
export function valeursModifiees(avant: Fiche, saisie: Partial<FicheValeurs>, complet: boolean, jour: string, maintenant: Date, regles: Regles): ValeursLues {
  const { valeurs, erreurs } = lireFiche(saisie, { complet, defauts: false });
  return verifiees({ ...avant, ...valeurs }, valeurs, erreurs, { aujourdhui: jour, consultation: avant.date_consultation, maintenant }, regles, avant);
}

function verifiees(toutes: FicheValeurs, saisies: Partial<FicheValeurs>, lues: ErreursParChamp, dates: Dates, regles: Regles, avant?: Fiche): ValeursLues {
  const naissanceEtAge = avant && { date_naissance: avant.date_naissance, age: avant.age };
  const mesures = regles.verifierMesures({ ...naissanceEtAge, ...saisies }, dates.maintenant);
  const age = ageDe(toutes, saisies, dates, avant);
  const erreurs = { ...mesures.erreurs, ...verifierTelephones(saisies, avant), ...age.erreurs, ...verifierFiche(saisies, dates.aujourdhui), ...lues };
  if (Object.keys(erreurs).length > 0) throw ficheInvalide(erreurs);
  const aTrier = { ...toutes, age: age.age };
  return { valeurs: { ...aTrier, ...mesures.normalises }, aTrier };
}

/** 400 with refusals in the order of the paper fiche; its detail is the first of them. */
export function ficheInvalide(erreurs: ErreursParChamp): AppError {
  const noms: string[] = CHAMPS.map(({ nom }) => nom);
  return invalidNamed(Object.fromEntries(Object.entries(erreurs).toSorted(([a], [b]) => noms.indexOf(a) - noms.indexOf(b))), 'fiche.invalide');
}

const libelleDe = (nom: NomChamp): { libelle: string } => ({ libelle: CHAMP_PAR_NOM.get(nom)?.libelle ?? nom });

/**
 * The age at the consultation, from the birth date: one that was given must agree with it. An edit that sends neither
 * leaves the age as it is, and so does one that sends both back unchanged (fiches that were taken over may disagree).
 */
function ageDe({ date_naissance: naissance, age }: FicheValeurs, saisies: Partial<FicheValeurs>, { consultation }: Dates, avant?: Fiche): { age: number | null; erreurs: ErreursParChamp } {
  if (!naissance) return { age, erreurs: { date_naissance: [refus.obligatoire(libelleDe('date_naissance'))] } };
  const memeNaissance = avant !== undefined && naissance === avant.date_naissance;
  if (memeNaissance && age === avant.age) return { age, erreurs: {} };
  const calcule = ageEnAnnees(naissance, consultation);
  if (calcule < 0) return { age, erreurs: { date_naissance: [refus.apresConsultation(libelleDe('date_naissance'))] } };
  const donne = saisies.age;
  const contredit = typeof donne === 'number' && Math.abs(donne - calcule) > ECART_AGE;
  return { age: calcule, erreurs: contredit ? { age: [refus.age(libelleDe('age'), calcule)] } : {} };
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
    ...telephonesE164(valeurs),
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
