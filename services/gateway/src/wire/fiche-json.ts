import { Vue, type FicheConsultation } from '@mediai/contracts/consultation/v1/fiche';
import type { FicheReservee } from '@mediai/contracts/consultation/v1/fiche_service';
import { depuisFicheMessage, schemaFiche, STATUTS, URGENCES, type Statut, type Urgence } from '@mediai/fiche';
import { toIso } from './instant.ts';

/** A fiche as JSON under the contract's names; what a patient may not read is absent from the message already. */
export function ficheJson(fiche: FicheConsultation) {
  return {
    ...depuisFicheMessage(fiche),
    id: fiche.id,
    numero_dossier: fiche.numeroDossier,
    user: fiche.user ?? null,
    date_consultation: fiche.dateConsultation,
    heure_debut: fiche.heureDebut ?? null,
    heure_fin: fiche.heureFin ?? null,
    status: fiche.status,
    status_display: STATUTS[fiche.status as Statut] ?? fiche.status,
    commentaire_rejet: fiche.commentaireRejet ?? null,
    diagnostic: fiche.diagnostic ?? null,
    traitement: fiche.traitement ?? null,
    examen_complementaire: fiche.examenComplementaire ?? null,
    recommandations: fiche.recommandations ?? null,
    medecin_validateur: fiche.medecinValidateur ?? null,
    assigned_medecin: fiche.assignedMedecin ?? null,
    date_validation: toIso(fiche.dateValidation),
    created_at: toIso(fiche.createdAt),
    updated_at: toIso(fiche.updatedAt),
    diagnostic_ia: fiche.diagnosticIa ?? null,
    signature_medecin: fiche.signatureMedecin ?? null,
    version: fiche.version,
    urgence: fiche.urgence,
    urgence_display: URGENCES[fiche.urgence as Urgence] ?? fiche.urgence,
    orientation: fiche.orientation ?? null,
    signes_vitaux_manquants: fiche.signesVitauxManquants,
    valeurs_a_verifier: fiche.valeursAVerifier.map(({ champ, valeur, motif }) => ({ champ, valeur, motif })),
    ...(fiche.vue === Vue.MEDECIN ? medecinOnly(fiche) : {}),
  };
}

function medecinOnly(fiche: FicheConsultation) {
  return {
    urgence_regles: fiche.urgenceRegles ?? null,
    urgence_ia: fiche.urgenceIa ?? null,
    signes_alerte: fiche.signesAlerte.map(({ code, libelle, niveau, source, champs, valeur }) => ({ code, libelle, niveau, source, champs, valeur: valeur ?? null, acquittement: null })),
    news2: fiche.news2 ? { score: fiche.news2.score, au_moins: fiche.news2.auMoins, manquants: fiche.news2.manquants } : null,
    triage_version: fiche.triageVersion ?? null,
    triage_calcule_le: toIso(fiche.triageCalculeLe),
    analyse_echec: fiche.analyseEchec ? { code: fiche.analyseEchec.code, le: toIso(fiche.analyseEchec.le) } : null,
    signes_non_acquittes: fiche.signesNonAcquittes,
  };
}

export type FicheJson = ReturnType<typeof ficheJson>;

/** The short form that a list with `?is_patient_distance=true` holds. */
export function ficheDistanceJson(message: FicheConsultation) {
  const fiche = ficheJson(message);
  const { id, nom, prenom, age, telephone, created_at, status, status_display, motif_consultation, histoire_maladie, cephalees, febrile, temperature, tension_arterielle, pouls, spo2, diagnostic_ia } = fiche;
  return { id, nom, prenom, age, telephone, created_at, status, status_display, motif_consultation, histoire_maladie, cephalees, febrile, febrile_bool: febrile === 'Oui', temperature, tension_arterielle, pouls, spo2, diagnostic_ia };
}

/** A colleague's fiche, found by its exact number: it opens with a reason only. */
export const ficheReserveeJson = ({ id, numeroDossier }: FicheReservee) => ({ id, numero_dossier: numeroDossier, acces: 'motif_requis' });

const nullable = (type: string, more: object = {}) => ({ type: [type, 'null'], ...more });
const instant = nullable('string', { format: 'date-time' });

/** A fiche that may be posted as it stands, for the documentation. */
export const ficheExample = {
  nom: 'Ilunga', postnom: 'Mukendi', prenom: 'Chantal', date_naissance: '1991-03-17', sexe: 'F', telephone: '0970 123 456', etat_civil: 'Marié(e)', occupation: 'Vendeuse',
  avenue: 'Avenue Kasavubu 214', quartier: 'Kisanga', commune: 'Annexe', contact_nom: 'Ilunga Kabongo Patrick', contact_telephone: '+243 81 234 56 78', contact_adresse: 'Avenue Kasavubu 214, Lubumbashi',
  temperature: '39,1', spo2: 96, poids: 61.5, tension_arterielle: '118/74', pouls: 104, frequence_respiratoire: 22,
  motif_consultation: 'Fièvre avec frissons depuis trois jours.', histoire_maladie: 'Début brutal le soir, maux de tête, toux sèche. Dort sans moustiquaire.',
  cephalees: true, febrile: 'Oui', etat: 'Conservé', capacite_physique: 'Moyen', capacite_psychologique: 'Top', tegument: 'Normal',
};

/** Schema of a fiche as answered. */
export const ficheSchema = {
  $id: 'FicheConsultation',
  type: 'object',
  additionalProperties: true,
  properties: {
    ...(schemaFiche()['properties'] as object),
    id: { type: 'integer' },
    numero_dossier: { type: 'string', examples: ['CONS-20261124-001'] },
    user: nullable('integer'),
    date_consultation: { type: 'string', format: 'date' },
    heure_debut: nullable('string'),
    heure_fin: nullable('string'),
    status: { type: 'string', enum: Object.keys(STATUTS) },
    status_display: { type: 'string' },
    commentaire_rejet: nullable('string'),
    diagnostic: nullable('string'),
    traitement: nullable('string'),
    examen_complementaire: nullable('string'),
    recommandations: nullable('string'),
    medecin_validateur: nullable('integer'),
    assigned_medecin: nullable('integer'),
    date_validation: instant,
    created_at: instant,
    updated_at: instant,
    diagnostic_ia: nullable('string', { description: "Synthèse de la dernière analyse ; null pour un patient tant qu'elle n'est pas publiée." }),
    signature_medecin: nullable('string', { format: 'uri', description: "Adresse absolue de l'image, sans jeton d'accès, pour quelques minutes ; un patient la voit une fois la fiche validée." }),
    version: { type: 'integer', description: "Augmente à chaque changement ; c'est l'ETag." },
    urgence: { type: 'string', enum: Object.keys(URGENCES) },
    urgence_display: { type: 'string' },
    orientation: nullable('string', { description: 'Texte fixe : que faire maintenant.' }),
    signes_vitaux_manquants: { type: 'array', items: { type: 'string' } },
    valeurs_a_verifier: { type: 'array', items: { type: 'object', additionalProperties: true } },
    urgence_regles: nullable('string', { description: 'Médecins seulement, comme les suivants.' }),
    urgence_ia: nullable('string'),
    signes_alerte: { type: 'array', items: { type: 'object', additionalProperties: true } },
    news2: nullable('object', { additionalProperties: true }),
    triage_version: nullable('string'),
    triage_calcule_le: instant,
    analyse_echec: nullable('object', { additionalProperties: true }),
    signes_non_acquittes: { type: 'array', items: { type: 'string' } },
    acces: { type: 'string', enum: ['motif_requis'], description: "Dans une liste seulement : fiche d'un confrère, trouvée par son numéro exact, qui s'ouvre avec `X-Access-Reason`. Elle n'a alors que `id` et `numero_dossier`." },
  },
} as const;

const DISTANCE = ['id', 'nom', 'prenom', 'age', 'telephone', 'created_at', 'status', 'status_display', 'motif_consultation', 'histoire_maladie', 'cephalees', 'febrile', 'temperature', 'tension_arterielle', 'pouls', 'spo2', 'diagnostic_ia'];

/** Schema of the short form as answered. */
export const ficheDistanceSchema = {
  type: 'object',
  properties: { ...Object.fromEntries(Object.entries(ficheSchema.properties).filter(([name]) => DISTANCE.includes(name))), febrile_bool: { type: 'boolean' } },
} as const;
