-- CreateTable
CREATE TABLE "numero_dossier_bloc" (
    "jour" DATE NOT NULL,
    "dernier" INTEGER NOT NULL,

    CONSTRAINT "numero_dossier_bloc_pkey" PRIMARY KEY ("jour")
);

-- CreateTable
CREATE TABLE "etablissement_projection" (
    "id" INTEGER NOT NULL,
    "telephone_urgence" TEXT,
    "fuseau" TEXT NOT NULL,
    "consentement_ia" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "etablissement_projection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fiche_consultation" (
    "nom_hopital" VARCHAR(100),
    "nom" VARCHAR(100) NOT NULL,
    "postnom" VARCHAR(100) NOT NULL,
    "prenom" VARCHAR(100) NOT NULL,
    "date_naissance" DATE NOT NULL,
    "age" INTEGER,
    "sexe" VARCHAR(30),
    "telephone" VARCHAR(30) NOT NULL,
    "etat_civil" VARCHAR(30) NOT NULL DEFAULT 'Célibataire',
    "occupation" VARCHAR(100) NOT NULL,
    "avenue" VARCHAR(100) NOT NULL,
    "quartier" VARCHAR(100) NOT NULL,
    "commune" VARCHAR(100) NOT NULL,
    "contact_nom" VARCHAR(100) NOT NULL,
    "contact_telephone" VARCHAR(30) NOT NULL,
    "contact_adresse" VARCHAR(255) NOT NULL,
    "temperature" DOUBLE PRECISION,
    "spo2" INTEGER,
    "poids" DOUBLE PRECISION,
    "tension_arterielle" VARCHAR(20),
    "pouls" INTEGER,
    "frequence_respiratoire" INTEGER,
    "patient" BOOLEAN NOT NULL DEFAULT true,
    "proche" BOOLEAN NOT NULL DEFAULT false,
    "soignant" BOOLEAN NOT NULL DEFAULT false,
    "medecin" BOOLEAN NOT NULL DEFAULT false,
    "autre" BOOLEAN NOT NULL DEFAULT false,
    "proche_lien" VARCHAR(100),
    "soignant_role" VARCHAR(100),
    "autre_precisions" VARCHAR(100),
    "motif_consultation" TEXT,
    "histoire_maladie" TEXT,
    "maison_medicaments" BOOLEAN NOT NULL DEFAULT false,
    "pharmacie_medicaments" BOOLEAN NOT NULL DEFAULT false,
    "centre_sante_medicaments" BOOLEAN NOT NULL DEFAULT false,
    "hopital_medicaments" BOOLEAN NOT NULL DEFAULT false,
    "medicaments_non_pris" BOOLEAN NOT NULL DEFAULT false,
    "details_medicaments" TEXT,
    "cephalees" BOOLEAN DEFAULT false,
    "vertiges" BOOLEAN DEFAULT false,
    "palpitations" BOOLEAN DEFAULT false,
    "troubles_visuels" BOOLEAN DEFAULT false,
    "nycturie" BOOLEAN DEFAULT false,
    "hypertendu" BOOLEAN NOT NULL DEFAULT false,
    "diabetique" BOOLEAN NOT NULL DEFAULT false,
    "epileptique" BOOLEAN NOT NULL DEFAULT false,
    "trouble_comportement" BOOLEAN NOT NULL DEFAULT false,
    "gastritique" BOOLEAN NOT NULL DEFAULT false,
    "etat_general" VARCHAR(255),
    "autres_antecedents" VARCHAR(255),
    "tabac" VARCHAR(30) NOT NULL DEFAULT 'non',
    "alcool" VARCHAR(30) NOT NULL DEFAULT 'non',
    "activite_physique" VARCHAR(30) NOT NULL DEFAULT 'rarement',
    "activite_physique_detail" TEXT,
    "alimentation_habituelle" TEXT,
    "allergie_medicamenteuse" BOOLEAN NOT NULL DEFAULT false,
    "medicament_allergique" VARCHAR(255),
    "familial_drepanocytaire" BOOLEAN NOT NULL DEFAULT false,
    "familial_diabetique" BOOLEAN NOT NULL DEFAULT false,
    "familial_obese" BOOLEAN NOT NULL DEFAULT false,
    "familial_hypertendu" BOOLEAN NOT NULL DEFAULT false,
    "familial_trouble_comportement" BOOLEAN NOT NULL DEFAULT false,
    "lien_pere" BOOLEAN NOT NULL DEFAULT false,
    "lien_mere" BOOLEAN NOT NULL DEFAULT false,
    "lien_frere" BOOLEAN NOT NULL DEFAULT false,
    "lien_soeur" BOOLEAN NOT NULL DEFAULT false,
    "evenement_traumatique" VARCHAR(30) NOT NULL DEFAULT 'non',
    "trauma_divorce" BOOLEAN NOT NULL DEFAULT false,
    "trauma_perte_parent" BOOLEAN NOT NULL DEFAULT false,
    "trauma_deces_epoux" BOOLEAN NOT NULL DEFAULT false,
    "trauma_deces_enfant" BOOLEAN NOT NULL DEFAULT false,
    "etat" VARCHAR(30) NOT NULL,
    "par_quoi" VARCHAR(255),
    "capacite_physique" VARCHAR(30) NOT NULL,
    "capacite_physique_score" VARCHAR(10),
    "capacite_psychologique" VARCHAR(30) NOT NULL,
    "capacite_psychologique_score" VARCHAR(10),
    "febrile" VARCHAR(30) NOT NULL,
    "coloration_bulbaire" VARCHAR(30) NOT NULL DEFAULT 'normale',
    "coloration_palpebrale" VARCHAR(30) NOT NULL DEFAULT 'normale',
    "tegument" VARCHAR(30) NOT NULL,
    "tete" TEXT,
    "cou" TEXT,
    "paroi_thoracique" TEXT,
    "poumons" TEXT,
    "coeur" TEXT,
    "epigastre_hypochondres" TEXT,
    "peri_ombilical_flancs" TEXT,
    "hypogastre_fosses_iliaques" TEXT,
    "membres" TEXT,
    "colonne_bassin" TEXT,
    "examen_gynecologique" TEXT,
    "preoccupations" TEXT,
    "comprehension" TEXT,
    "attentes" TEXT,
    "engagement" TEXT,
    "hypothese_patient_medecin" TEXT,
    "analyses_proposees" TEXT,
    "observations_importantes" TEXT,
    "is_patient_distance" BOOLEAN NOT NULL DEFAULT false,
    "id" SERIAL NOT NULL,
    "numero_dossier" VARCHAR(50) NOT NULL,
    "user" INTEGER,
    "date_consultation" DATE NOT NULL,
    "heure_debut" TIME(0),
    "heure_fin" TIME(0),
    "status" VARCHAR(20) NOT NULL DEFAULT 'en_analyse',
    "commentaire_rejet" TEXT,
    "diagnostic" TEXT,
    "traitement" TEXT,
    "examen_complementaire" TEXT,
    "recommandations" TEXT,
    "medecin_validateur" INTEGER,
    "assigned_medecin" INTEGER,
    "date_validation" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "diagnostic_ia" TEXT,
    "signature_medecin" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "etablissement_id" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "urgence" VARCHAR(10) NOT NULL,
    "urgence_regles" VARCHAR(10) NOT NULL,
    "urgence_ia" VARCHAR(10),
    "signes_alerte" JSONB NOT NULL,
    "signes_vitaux_manquants" TEXT[],
    "valeurs_a_verifier" JSONB NOT NULL,
    "news2" JSONB,
    "triage_version" VARCHAR(30) NOT NULL,
    "triage_calcule_le" TIMESTAMPTZ(3) NOT NULL,
    "signes_non_acquittes" TEXT[],
    "deleted_at" TIMESTAMPTZ(3),
    "urgence_rang" SMALLINT NOT NULL,
    "telephone_e164" VARCHAR(16),
    "analyses_publiees" INTEGER[],
    "derniere_analyse" INTEGER,
    "diagnostic_ia_publie" TEXT,
    "analyse_task_id" UUID,
    "analyse_demandee_le" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "analyse_version" INTEGER NOT NULL DEFAULT 1,
    "analyse_en_cours" BOOLEAN NOT NULL DEFAULT true,
    "analyse_differee_le" TIMESTAMPTZ(3),
    "analyse_echec_code" VARCHAR(60),
    "analyse_echec_le" TIMESTAMPTZ(3),
    "recherche" TEXT NOT NULL,

    CONSTRAINT "fiche_consultation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "fiche_consultation_numero_dossier_key" ON "fiche_consultation"("numero_dossier");

-- CreateIndex
CREATE INDEX "fiche_consultation_etablissement_id_created_at_id_idx" ON "fiche_consultation"("etablissement_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "fiche_consultation_user_created_at_id_idx" ON "fiche_consultation"("user", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "fiche_consultation_etablissement_id_status_created_at_id_idx" ON "fiche_consultation"("etablissement_id", "status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "fiche_consultation_etablissement_id_urgence_rang_created_at_idx" ON "fiche_consultation"("etablissement_id", "urgence_rang" DESC, "created_at" DESC, "id" DESC);

-- Written by hand: what the schema cannot say.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

ALTER TABLE "fiche_consultation"
    ADD CONSTRAINT "fiche_consultation_status_check" CHECK ("status" IN ('en_analyse', 'analyse_terminee', 'valide_medecin', 'rejete_medecin')),
    ADD CONSTRAINT "fiche_consultation_urgence_check" CHECK ("urgence" IN ('rouge', 'orange', 'jaune', 'vert')),
    ADD CONSTRAINT "fiche_consultation_urgence_regles_check" CHECK ("urgence_regles" IN ('rouge', 'orange', 'jaune', 'vert')),
    ADD CONSTRAINT "fiche_consultation_urgence_ia_check" CHECK ("urgence_ia" IN ('rouge', 'orange', 'jaune', 'vert')),
    ADD CONSTRAINT "fiche_consultation_urgence_rang_check" CHECK ("urgence_rang" = CASE "urgence" WHEN 'rouge' THEN 3 WHEN 'orange' THEN 2 WHEN 'jaune' THEN 1 ELSE 0 END),
    ADD CONSTRAINT "fiche_consultation_version_check" CHECK ("version" >= 1);

-- Words anywhere in names, dossier number and motif.
CREATE INDEX "fiche_consultation_recherche_trgm" ON "fiche_consultation" USING gin ("recherche" gin_trgm_ops);

-- What the sweep of analyses reads: the few that run.
CREATE INDEX "fiche_consultation_analyse_partial" ON "fiche_consultation" ("analyse_demandee_le") WHERE "analyse_en_cours";
