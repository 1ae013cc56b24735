import { libelleSysteme, refus, type FicheValeurs, type Statut, type Urgence } from '@mediai/fiche';
import { AppError, invalidNamed } from '@mediai/kit/errors';

/** A red flag as triage raised it. */
export interface SigneAlerte {
  readonly code: string;
  readonly libelle: string;
  readonly niveau: Urgence;
  readonly source: string;
  readonly champs: readonly string[];
  readonly valeur: string | null;
}

export interface ValeurAVerifier {
  readonly champ: string;
  readonly valeur: string;
  readonly motif: string;
}

export interface News2 {
  readonly score: number;
  readonly au_moins: boolean;
  readonly manquants: readonly string[];
}

/** What triage says of the values of a fiche. */
export interface Triage {
  readonly urgence: Urgence;
  readonly signes_alerte: readonly SigneAlerte[];
  readonly signes_vitaux_manquants: readonly string[];
  readonly valeurs_a_verifier: readonly ValeurAVerifier[];
  readonly news2: News2 | null;
  readonly triage_version: string;
}

/** The four result texts that a médecin writes. */
export const TEXTES_MEDECIN = ['diagnostic', 'traitement', 'examen_complementaire', 'recommandations'] as const;
export type TextesMedecin = { [T in (typeof TEXTES_MEDECIN)[number]]?: string | null };

/** What the system and the médecins write of a fiche. Days are `YYYY-MM-DD`, times `HH:MM:SS`, instants Dates. */
export interface FicheSysteme extends Required<TextesMedecin> {
  id: number;
  numero_dossier: string;
  user: number | null;
  date_consultation: string;
  heure_debut: string | null;
  heure_fin: string | null;
  status: Statut;
  commentaire_rejet: string | null;
  medecin_validateur: number | null;
  assigned_medecin: number | null;
  date_validation: Date | null;
  created_at: Date;
  updated_at: Date;
  diagnostic_ia: string | null;
  signature_medecin: string | null;
  version: number;
  etablissement_id: number;
  urgence: Urgence;
  urgence_regles: Urgence;
  urgence_ia: Urgence | null;
  signes_alerte: readonly SigneAlerte[];
  signes_vitaux_manquants: readonly string[];
  valeurs_a_verifier: readonly ValeurAVerifier[];
  news2: News2 | null;
  triage_version: string;
  triage_calcule_le: Date;
  signes_non_acquittes: readonly string[];
  telephone_e164: string | null;
  contact_telephone_e164: string | null;
  analyses_publiees: readonly number[];
  derniere_analyse: number | null;
  diagnostic_ia_publie: string | null;
  analyse_task_id: string | null;
  analyse_demandee_le: Date;
  analyse_version: number;
  analyse_en_cours: boolean;
  analyse_differee_le: Date | null;
  analyse_echec_code: string | null;
  analyse_echec_le: Date | null;
  /** Names, dossier number and motif, folded. */
  recherche: string;
}

export type Fiche = FicheValeurs & FicheSysteme;
export type NouvelleFiche = Omit<Fiche, 'id'>;
/** What an act changes; `version` and `updated_at` are the store's. */
export type Changement = Partial<Omit<Fiche, 'id' | 'version' | 'numero_dossier' | 'etablissement_id'>>;

export type ActionStatut = 'modifier_patient' | 'valider' | 'rejeter' | 'relancer' | 'supprimer_patient' | 'finir_analyse';

const TRANSITIONS: Record<ActionStatut, Partial<Record<Statut, Statut>>> = {
  modifier_patient: { en_analyse: 'en_analyse', rejete_medecin: 'en_analyse' },
  valider: { en_analyse: 'valide_medecin', analyse_terminee: 'valide_medecin', valide_medecin: 'valide_medecin' },
  rejeter: { en_analyse: 'rejete_medecin', analyse_terminee: 'rejete_medecin' },
  relancer: { en_analyse: 'en_analyse', analyse_terminee: 'en_analyse', rejete_medecin: 'en_analyse', valide_medecin: 'valide_medecin' },
  supprimer_patient: { en_analyse: 'en_analyse', analyse_terminee: 'analyse_terminee', rejete_medecin: 'rejete_medecin' },
  finir_analyse: { en_analyse: 'analyse_terminee', analyse_terminee: 'analyse_terminee', valide_medecin: 'valide_medecin', rejete_medecin: 'rejete_medecin' },
};

const REFUS: Record<ActionStatut, string> = {
  modifier_patient: "Une fiche ne peut être modifiée que pendant l'analyse ou après un rejet.",
  valider: 'Cette fiche ne peut être validée dans son état actuel.',
  rejeter: 'Cette fiche ne peut être rejetée dans son état actuel.',
  relancer: "L'analyse de cette fiche ne peut être relancée dans son état actuel.",
  supprimer_patient: 'Une fiche validée ne peut être supprimée.',
  finir_analyse: "L'analyse ne peut finir dans cet état.",
};

/**
 * The status after an act: every transition of a fiche.
 * @throws AppError invalid `fiche.etat_invalide` where the act is not for this status
 */
export function transition(status: Statut, action: ActionStatut): Statut {
  const suivant = TRANSITIONS[action][status];
  if (suivant === undefined) throw new AppError('invalid', 'fiche.etat_invalide', REFUS[action]);
  return suivant;
}

/** Whether these events of a fiche are the first decision that a médecin took on it. */
export function premiereDecision(types: readonly string[], avant: Pick<Fiche, 'medecin_validateur'>): boolean {
  return avant.medecin_validateur === null && types.some((type) => type === 'FicheValidated' || type === 'FicheRejected');
}

/** Rank of an urgency for ordering: 3 for rouge to 0 for vert. */
export const RANG_URGENCE: Record<Urgence, number> = { rouge: 3, orange: 2, jaune: 1, vert: 0 };

/** The highest of some urgencies: nothing automatic ever lowers one. */
export function plusHaute(premiere: Urgence, ...autres: readonly (Urgence | null)[]): Urgence {
  return autres.reduce<Urgence>((haute, autre) => (autre !== null && RANG_URGENCE[autre] > RANG_URGENCE[haute] ? autre : haute), premiere);
}

/** Where a sign was read that stands beside the fiche, not in it: another run over its values alone would not find it again. */
export const SOURCES_HORS_FICHE = ['messages', 'lab_results'] as const;
const horsFiche = ({ champs }: SigneAlerte): boolean => champs.some((champ) => (SOURCES_HORS_FICHE as readonly string[]).includes(champ));

/** Signs and those that come to them, the most urgent first: of one code the higher level stands, and none goes. */
export function ajouterSignes(presents: readonly SigneAlerte[], nouveaux: readonly SigneAlerte[]): SigneAlerte[] {
  const signes = new Map(presents.map((signe) => [signe.code, signe]));
  for (const signe of nouveaux) {
    const present = signes.get(signe.code);
    if (!present || RANG_URGENCE[signe.niveau] > RANG_URGENCE[present.niveau]) signes.set(signe.code, signe);
  }
  return [...signes.values()].sort((a, b) => RANG_URGENCE[b.niveau] - RANG_URGENCE[a.niveau]);
}

/** The members of a fiche that a run of the rules sets; `urgence` only rises, and what was read beside the fiche stays. */
export function apresTriage(triage: Triage, avant: Pick<Fiche, 'urgence' | 'urgence_ia' | 'signes_alerte'> | null, maintenant: Date) {
  const gardes = avant?.signes_alerte.filter(horsFiche) ?? [];
  return {
    urgence: plusHaute(triage.urgence, avant?.urgence ?? null, avant?.urgence_ia ?? null),
    urgence_regles: plusHaute(triage.urgence, ...gardes.map(({ niveau }) => niveau)),
    signes_alerte: gardes.length === 0 ? triage.signes_alerte : ajouterSignes(triage.signes_alerte, gardes),
    signes_vitaux_manquants: triage.signes_vitaux_manquants,
    valeurs_a_verifier: triage.valeurs_a_verifier,
    news2: triage.news2,
    triage_version: triage.triage_version,
    triage_calcule_le: maintenant,
  };
}

const TEXTE_MAX = 20_000;

export type NomTexte = (typeof TEXTES_MEDECIN)[number] | 'commentaire_rejet';

/**
 * The texts that were sent; `""` empties one.
 * @throws AppError invalid for a text that is too long or holds what cannot be stored
 */
export function textesSaisis(textes: TextesMedecin): TextesMedecin {
  const saisis: TextesMedecin = {};
  for (const nom of TEXTES_MEDECIN) {
    const texte = textes[nom];
    if (texte !== undefined) saisis[nom] = texte === null || texte.trim() === '' ? null : texteLibre(nom, texte);
  }
  return saisis;
}

/**
 * A free text of a médecin.
 * @param membre its name in the request; its column's when absent
 * @throws AppError invalid by that name
 */
export function texteLibre(nom: NomTexte, texte: string, membre: string = nom): string {
  const champ = { libelle: libelleSysteme(nom) };
  if (texte.length > TEXTE_MAX) throw invalidNamed({ [membre]: [refus.max(champ, TEXTE_MAX)] });
  if (texte.includes('\0')) throw invalidNamed({ [membre]: [refus.caracteres(champ)] });
  return texte;
}
