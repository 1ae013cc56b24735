-- CreateTable
CREATE TABLE "export_job" (
    "id" SERIAL NOT NULL,
    "genre" VARCHAR(20) NOT NULL,
    "etablissement_id" INTEGER NOT NULL,
    "created_by" INTEGER NOT NULL,
    "export_format" VARCHAR(20) NOT NULL,
    "date_start" DATE,
    "date_end" DATE,
    "include_personal_data" BOOLEAN NOT NULL DEFAULT false,
    "filters" JSONB NOT NULL,
    "status" VARCHAR(20) NOT NULL DEFAULT 'pending',
    "progress" SMALLINT NOT NULL DEFAULT 0,
    "records_total" INTEGER,
    "records_count" INTEGER NOT NULL DEFAULT 0,
    "borne_id" INTEGER,
    "curseur_id" INTEGER NOT NULL DEFAULT 0,
    "fichier_cle" VARCHAR(200),
    "fichier_taille" BIGINT,
    "erreur_code" VARCHAR(60),
    "essais" INTEGER NOT NULL DEFAULT 0,
    "prochain_essai" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "bail_jeton" UUID,
    "bail_fin" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "expire_le" TIMESTAMPTZ(3),

    CONSTRAINT "export_job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "export_objet" (
    "cle" VARCHAR(200) NOT NULL,
    "export_id" INTEGER NOT NULL,
    "rang" INTEGER,
    "lignes" INTEGER NOT NULL DEFAULT 0,
    "a_supprimer_le" TIMESTAMPTZ(3),

    CONSTRAINT "export_objet_pkey" PRIMARY KEY ("cle")
);

-- CreateTable
CREATE TABLE "effacement" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "etablissement_id" INTEGER NOT NULL,
    "motif" TEXT,
    "statut" VARCHAR(20) NOT NULL DEFAULT 'en_attente',
    "demande_le" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decide_par" INTEGER,
    "decide_le" TIMESTAMPTZ(3),
    "motif_refus" TEXT,
    "efface_le" TIMESTAMPTZ(3),
    "fiches" INTEGER,

    CONSTRAINT "effacement_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "export_job_etablissement_id_id_idx" ON "export_job"("etablissement_id", "id" DESC);

-- CreateIndex
CREATE INDEX "export_job_created_by_id_idx" ON "export_job"("created_by", "id" DESC);

-- CreateIndex
CREATE INDEX "export_objet_a_supprimer_le_idx" ON "export_objet"("a_supprimer_le");

-- CreateIndex
CREATE UNIQUE INDEX "export_objet_export_id_rang_key" ON "export_objet"("export_id", "rang");

-- CreateIndex
CREATE INDEX "effacement_user_id_id_idx" ON "effacement"("user_id", "id" DESC);

-- CreateIndex
CREATE INDEX "effacement_etablissement_id_id_idx" ON "effacement"("etablissement_id", "id" DESC);

-- CreateIndex
CREATE INDEX "effacement_etablissement_id_statut_id_idx" ON "effacement"("etablissement_id", "statut", "id" DESC);

-- AddForeignKey
ALTER TABLE "export_objet" ADD CONSTRAINT "export_objet_export_id_fkey" FOREIGN KEY ("export_id") REFERENCES "export_job"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Work to be done, few rows whatever the history.
CREATE INDEX "export_job_du_partial" ON "export_job" ("prochain_essai") WHERE "status" IN ('pending', 'running');

-- One export of their own data at a time for each person.
CREATE UNIQUE INDEX "export_job_personnel_partial" ON "export_job" ("created_by") WHERE "genre" = 'personnel' AND "status" IN ('pending', 'running');

-- One open request a person.
CREATE UNIQUE INDEX "effacement_ouvert_partial" ON "effacement" ("user_id") WHERE "statut" IN ('en_attente', 'acceptee');

-- The history of fiches is added to and read, never changed, by the service. What it holds of a person who was erased must
-- go all the same: their values, not who changed what and when. Only of fiches that are erased, which the row itself says.
CREATE FUNCTION "effacer_changements"("ids" INTEGER[]) RETURNS VOID LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE fiche_changement c SET avant = NULL, apres = NULL
  WHERE c.fiche = ANY ($1) AND (c.avant IS NOT NULL OR c.apres IS NOT NULL)
    AND EXISTS (SELECT FROM fiche_consultation f WHERE f.id = c.fiche AND f.deleted_at IS NOT NULL AND f.nom = 'Effacé' AND f.prenom = 'Effacé')
$$;
