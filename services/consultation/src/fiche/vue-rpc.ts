import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Vue, type FicheConsultationSchema, type SigneAlerteSchema } from '@mediai/contracts/consultation/v1/fiche';
import { versFicheMessage } from '@mediai/fiche';
import type { Fiche, SigneAlerte } from './fiche.ts';
import type { VueFiche } from './vue.ts';

const instant = (date: Date | null) => (date === null ? undefined : timestampFromDate(date));

/** A view of a fiche as a message. What a patient may not read is absent. */
export function versMessage({ vue, fiche, orientation, signature }: VueFiche): MessageInitShape<typeof FicheConsultationSchema> {
  return {
    ...versFicheMessage(fiche),
    id: fiche.id,
    numeroDossier: fiche.numero_dossier,
    user: fiche.user ?? undefined,
    dateConsultation: fiche.date_consultation,
    heureDebut: fiche.heure_debut ?? undefined,
    heureFin: fiche.heure_fin ?? undefined,
    status: fiche.status,
    commentaireRejet: fiche.commentaire_rejet ?? undefined,
    diagnostic: fiche.diagnostic ?? undefined,
    traitement: fiche.traitement ?? undefined,
    examenComplementaire: fiche.examen_complementaire ?? undefined,
    recommandations: fiche.recommandations ?? undefined,
    medecinValidateur: fiche.medecin_validateur ?? undefined,
    assignedMedecin: fiche.assigned_medecin ?? undefined,
    dateValidation: instant(fiche.date_validation),
    createdAt: instant(fiche.created_at),
    updatedAt: instant(fiche.updated_at),
    diagnosticIa: fiche.diagnostic_ia ?? undefined,
    signatureMedecin: signature ?? undefined,
    version: fiche.version,
    etablissementId: fiche.etablissement_id,
    urgence: fiche.urgence,
    orientation,
    signesVitauxManquants: [...fiche.signes_vitaux_manquants],
    valeursAVerifier: fiche.valeurs_a_verifier.map(({ champ, valeur, motif }) => ({ champ, valeur, motif })),
    ...(vue === 'medecin' ? pourMedecin(fiche) : { vue: Vue.PATIENT }),
  };
}

function pourMedecin(fiche: Fiche): MessageInitShape<typeof FicheConsultationSchema> {
  const { news2, analyse_echec_code: code, analyse_echec_le: le } = fiche;
  return {
    vue: Vue.MEDECIN,
    urgenceRegles: fiche.urgence_regles,
    urgenceIa: fiche.urgence_ia ?? undefined,
    signesAlerte: fiche.signes_alerte.map(signeMessage),
    news2: news2 ? { score: news2.score, auMoins: news2.au_moins, manquants: [...news2.manquants] } : undefined,
    triageVersion: fiche.triage_version,
    triageCalculeLe: instant(fiche.triage_calcule_le),
    analyseEchec: code === null ? undefined : { code, le: instant(le) },
    signesNonAcquittes: [...fiche.signes_non_acquittes],
  };
}

/** A red flag as a message. */
export function signeMessage({ code, libelle, niveau, source, champs, valeur }: SigneAlerte): MessageInitShape<typeof SigneAlerteSchema> {
  return { code, libelle, niveau, source, champs: [...champs], valeur: valeur ?? undefined };
}
