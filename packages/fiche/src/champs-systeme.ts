import type { PlaceExport } from './champ.ts';

/**
 * Fields of a fiche that only the system or a médecin's action writes, with their form on the wire and in the table.
 * Proto numbers 200 and above; `colonne: null` is computed on reading, `proto: null` is never shown.
 * `libelle` is what a user reads of it.
 */
export interface ChampSysteme {
  readonly nom: string;
  readonly numero: number | null;
  readonly proto: string | null;
  readonly colonne: string | null;
  readonly doc: string;
  readonly libelle?: string;
  readonly export?: PlaceExport;
}

export const CHAMPS_SYSTEME = [
  { nom: 'id', numero: 200, proto: 'int32', colonne: 'Int @id @default(autoincrement())', doc: "Identifier, of consultation's own sequence.", libelle: 'Identifiant', export: { rang: 1 } },
  { nom: 'numero_dossier', numero: 201, proto: 'string', colonne: 'String @unique @db.VarChar(50)', doc: 'CONS-YYYYMMDD-NNN, counted per Lubumbashi day.', libelle: 'Numéro de dossier', export: { rang: 2 } },
  { nom: 'user', numero: 202, proto: 'optional int32', colonne: 'Int?', doc: 'User id of the patient who owns the fiche.', libelle: 'Patient' },
  { nom: 'date_consultation', numero: 203, proto: 'string', colonne: 'DateTime @db.Date', doc: 'Day of creation in the zone of the établissement, YYYY-MM-DD.', libelle: 'Date de consultation', export: { rang: 3 } },
  { nom: 'heure_debut', numero: 204, proto: 'optional string', colonne: 'DateTime? @db.Time(0)', doc: 'Time of creation, HH:MM:SS.', libelle: 'Heure de début' },
  { nom: 'heure_fin', numero: 205, proto: 'optional string', colonne: 'DateTime? @db.Time(0)', doc: 'Time of the first validation or rejection, HH:MM:SS.', libelle: 'Heure de fin' },
  { nom: 'status', numero: 206, proto: 'string', colonne: 'String @default("en_analyse") @db.VarChar(20)', doc: 'en_analyse, analyse_terminee, valide_medecin or rejete_medecin.', libelle: 'État de la fiche', export: { rang: 6 } },
  { nom: 'commentaire_rejet', numero: 207, proto: 'optional string', colonne: 'String?', doc: 'Why a médecin rejected the fiche.', libelle: 'Commentaire de rejet' },
  { nom: 'diagnostic', numero: 208, proto: 'optional string', colonne: 'String?', doc: "The médecin's diagnosis; a patient reads it once validated.", libelle: 'Diagnostic', export: { rang: 14, colonne: 'has_diagnostic_medecin', presence: true } },
  { nom: 'traitement', numero: 209, proto: 'optional string', colonne: 'String?', doc: "The médecin's treatment; a patient reads it once validated.", libelle: 'Traitement' },
  { nom: 'examen_complementaire', numero: 210, proto: 'optional string', colonne: 'String?', doc: 'Further examinations; a patient reads it once validated.', libelle: 'Examen complémentaire' },
  { nom: 'recommandations', numero: 211, proto: 'optional string', colonne: 'String?', doc: 'Recommendations; a patient reads it once validated.', libelle: 'Recommandations' },
  { nom: 'medecin_validateur', numero: 212, proto: 'optional int32', colonne: 'Int?', doc: 'User id of the médecin who validated or rejected.', libelle: 'Médecin validateur' },
  { nom: 'assigned_medecin', numero: 213, proto: 'optional int32', colonne: 'Int?', doc: 'User id of the médecin to whom the fiche is assigned.', libelle: 'Médecin assigné' },
  { nom: 'date_validation', numero: 214, proto: 'google.protobuf.Timestamp', colonne: 'DateTime? @db.Timestamptz(3)', doc: 'When it was last validated.', libelle: 'Date de validation' },
  { nom: 'created_at', numero: 215, proto: 'google.protobuf.Timestamp', colonne: 'DateTime @default(now()) @db.Timestamptz(3)', doc: 'When it was created.', libelle: 'Date de création', export: { rang: 15 } },
  { nom: 'diagnostic_ia', numero: 216, proto: 'optional string', colonne: 'String?', doc: 'The synthesis of the latest analysis; absent for a patient until it is published.', libelle: 'Synthèse des IA', export: { rang: 13, colonne: 'has_diagnostic_ia', presence: true } },
  { nom: 'signature_medecin', numero: 217, proto: 'optional string', colonne: 'String?', doc: "The médecin's signature, a file of the object store.", libelle: 'Signature du médecin' },
  { nom: 'version', numero: 218, proto: 'int32', colonne: 'Int @default(1)', doc: 'Rises with each change; the ETag.', libelle: 'Version' },
  { nom: 'etablissement_id', numero: 219, proto: 'int32', colonne: 'Int', doc: 'The établissement to which the fiche belongs.', libelle: 'Établissement' },
  { nom: 'updated_at', numero: 220, proto: 'google.protobuf.Timestamp', colonne: 'DateTime @default(now()) @db.Timestamptz(3)', doc: 'When it last changed.', libelle: 'Dernière modification' },
  { nom: 'urgence', numero: 221, proto: 'string', colonne: 'String @db.VarChar(10)', doc: 'rouge, orange, jaune or vert: the higher of urgence_regles and urgence_ia.', libelle: 'Urgence' },
  { nom: 'urgence_regles', numero: 222, proto: 'optional string', colonne: 'String @db.VarChar(10)', doc: 'What the rules found; médecins only.', libelle: 'Urgence selon les règles' },
  { nom: 'urgence_ia', numero: 223, proto: 'optional string', colonne: 'String? @db.VarChar(10)', doc: 'What the voices found; médecins only.', libelle: 'Urgence selon les IA' },
  { nom: 'signes_alerte', numero: 224, proto: 'repeated SigneAlerte', colonne: 'Json', doc: 'Red flags; médecins only.', libelle: "Signes d'alerte" },
  { nom: 'signes_vitaux_manquants', numero: 225, proto: 'repeated string', colonne: 'String[]', doc: 'Vital signs that were not given.', libelle: 'Signes vitaux manquants' },
  { nom: 'valeurs_a_verifier', numero: 226, proto: 'repeated ValeurAVerifier', colonne: 'Json', doc: 'Values that are possible but improbable.', libelle: 'Valeurs à vérifier' },
  { nom: 'news2', numero: 227, proto: 'News2', colonne: 'Json?', doc: 'Partial NEWS2 score; médecins only.', libelle: 'Score NEWS2' },
  { nom: 'triage_version', numero: 228, proto: 'optional string', colonne: 'String @db.VarChar(30)', doc: 'Version of the rules that ran; médecins only.', libelle: 'Version des règles de triage' },
  { nom: 'triage_calcule_le', numero: 229, proto: 'google.protobuf.Timestamp', colonne: 'DateTime @db.Timestamptz(3)', doc: 'When the rules ran; médecins only.', libelle: 'Date du triage' },
  { nom: 'orientation', numero: 230, proto: 'optional string', colonne: null, doc: 'Fixed French text for the patient.', libelle: 'Orientation' },
  { nom: 'analyse_echec', numero: 231, proto: 'AnalyseEchec', colonne: null, doc: 'Why the last analysis failed wholly; médecins only.', libelle: "Échec de l'analyse" },
  { nom: 'signes_non_acquittes', numero: 232, proto: 'repeated string', colonne: 'String[]', doc: 'Codes of red flags that stood unacknowledged at validation; médecins only.', libelle: "Signes d'alerte non acquittés" },
  { nom: 'vue', numero: 233, proto: 'Vue', colonne: null, doc: 'Whose view this is: what a patient may not read is absent from a patient view.', libelle: 'Vue' },
  { nom: 'deleted_at', numero: null, proto: null, colonne: 'DateTime? @db.Timestamptz(3)', doc: 'Set when deleted; such a fiche is shown to nobody.' },
  { nom: 'urgence_rang', numero: null, proto: null, colonne: 'Int @db.SmallInt', doc: 'Rank of urgence, 3 for rouge to 0 for vert, for ordering.' },
  { nom: 'telephone_e164', numero: null, proto: null, colonne: 'String? @db.VarChar(16)', doc: 'The telephone in E.164, beside what was typed.' },
  { nom: 'contact_telephone_e164', numero: null, proto: null, colonne: 'String? @db.VarChar(16)', doc: "The contact's telephone in E.164, beside what was typed." },
  { nom: 'analyses_publiees', numero: null, proto: null, colonne: 'Int[]', doc: 'Ids of the analyses that validations have published to the patient.' },
  { nom: 'derniere_analyse', numero: null, proto: null, colonne: 'Int?', doc: 'Id of the latest finished analysis; diagnostic_ia is its synthesis.' },
  { nom: 'diagnostic_ia_publie', numero: null, proto: null, colonne: 'String?', doc: 'The synthesis that the last validation published to the patient.' },
  { nom: 'analyse_task_id', numero: null, proto: null, colonne: 'String? @db.Uuid', doc: 'Task of the analysis that was asked for last.' },
  { nom: 'analyse_demandee_le', numero: null, proto: null, colonne: 'DateTime @default(now()) @db.Timestamptz(3)', doc: 'When the analysis was asked for last; after 10 minutes without a result it has failed.' },
  { nom: 'analyse_version', numero: null, proto: null, colonne: 'Int @default(1)', doc: 'Version of the fiche for which the analysis was asked for last; an older result is stale.' },
  { nom: 'analyse_en_cours', numero: null, proto: null, colonne: 'Boolean @default(true)', doc: 'True from the request of an analysis until its result, its failure or its delay is over.' },
  { nom: 'analyse_differee_le', numero: null, proto: null, colonne: 'DateTime? @db.Timestamptz(3)', doc: "When to ask for the analysis of a patient's edits; null once asked for." },
  { nom: 'analyse_echec_code', numero: null, proto: null, colonne: 'String? @db.VarChar(60)', doc: 'Code of the failure of the last analysis.' },
  { nom: 'analyse_echec_le', numero: null, proto: null, colonne: 'DateTime? @db.Timestamptz(3)', doc: 'When the last analysis failed.' },
  { nom: 'recherche', numero: null, proto: null, colonne: 'String', doc: 'Names, dossier number and motif in small letters without accents, for searching.' },
] as const satisfies readonly ChampSysteme[];

/** The French label of a field that the system or a médecin writes. */
export const libelleSysteme = (nom: (typeof CHAMPS_SYSTEME)[number]['nom']): string => (CHAMPS_SYSTEME as readonly ChampSysteme[]).find((c) => c.nom === nom)?.libelle ?? nom;

export const STATUTS = {
  en_analyse: "En cours d'analyse",
  analyse_terminee: 'Analyse terminée',
  valide_medecin: 'Validé par médecin',
  rejete_medecin: 'Rejeté par médecin',
} as const;
export type Statut = keyof typeof STATUTS;

/** Ordered from the most to the least urgent. */
export const URGENCES = { rouge: 'Rouge', orange: 'Orange', jaune: 'Jaune', vert: 'Vert' } as const;
export type Urgence = keyof typeof URGENCES;
