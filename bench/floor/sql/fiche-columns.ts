import { CHAMPS } from '@mediai/fiche';

/** What the system writes of a fiche and an act or an answer reads. */
const SYSTEME = [
  'id', 'numero_dossier', 'user', 'date_consultation', 'heure_debut', 'heure_fin', 'status', 'commentaire_rejet', 'diagnostic', 'traitement', 'examen_complementaire', 'recommandations',
  'medecin_validateur', 'assigned_medecin', 'date_validation', 'created_at', 'updated_at', 'diagnostic_ia', 'signature_medecin', 'version', 'etablissement_id', 'urgence', 'urgence_regles', 'urgence_ia',
  'signes_alerte', 'signes_vitaux_manquants', 'valeurs_a_verifier', 'news2', 'triage_version', 'triage_calcule_le', 'signes_non_acquittes', 'analyses_publiees', 'derniere_analyse', 'diagnostic_ia_publie',
  'analyse_echec_code', 'analyse_echec_le',
] as const;

/** Kept beside, read by nobody here. */
const ECRITES = ['telephone_e164', 'contact_telephone_e164', 'analyse_task_id', 'analyse_demandee_le', 'analyse_version', 'analyse_en_cours', 'analyse_differee_le', 'recherche', 'urgence_rang'] as const;

export const COLONNES_LUES: readonly string[] = [...CHAMPS.map(({ nom }) => nom), ...SYSTEME];
/** Those of a new row: all but its id. */
export const COLONNES_ECRITES: readonly string[] = [...COLONNES_LUES, ...ECRITES].filter((nom) => nom !== 'id');

export const quoted = (nom: string): string => `"${nom}"`;
/** The columns of a fiche under an alias of its table. */
export const colonnesDe = (alias: string): string => COLONNES_LUES.map((nom) => `${alias}.${quoted(nom)}`).join(', ');

const JSONS = new Set(['signes_alerte', 'valeurs_a_verifier', 'news2']);

/** A value of the domain as pg is to send it. */
export function versValeur(nom: string, valeur: unknown): unknown {
  if (valeur === null || valeur === undefined) return null;
  if (JSONS.has(nom)) return JSON.stringify(valeur);
  return valeur instanceof Date ? valeur.toISOString() : valeur;
}
