-- CreateTable
CREATE TABLE "fiche_message" (
    "id" SERIAL NOT NULL,
    "fiche" INTEGER NOT NULL,
    "author" INTEGER NOT NULL,
    "content" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "etablissement_id" INTEGER NOT NULL,

    CONSTRAINT "fiche_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fiche_reference" (
    "id" SERIAL NOT NULL,
    "fiche" INTEGER NOT NULL,
    "auteur" INTEGER NOT NULL,
    "title" VARCHAR(255) NOT NULL,
    "titre_cle" CHAR(64) NOT NULL,
    "url" VARCHAR(2000),
    "source" VARCHAR(50) NOT NULL DEFAULT 'other',
    "authors" VARCHAR(500),
    "year" INTEGER,
    "journal" VARCHAR(255),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),
    "etablissement_id" INTEGER NOT NULL,

    CONSTRAINT "fiche_reference_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lab_result" (
    "id" SERIAL NOT NULL,
    "fiche" INTEGER NOT NULL,
    "auteur" INTEGER NOT NULL,
    "type_analyse" VARCHAR(100) NOT NULL,
    "valeur" VARCHAR(50) NOT NULL,
    "unite" VARCHAR(20),
    "valeurs_normales" VARCHAR(100),
    "date_prelevement" DATE NOT NULL,
    "laboratoire" VARCHAR(255),
    "commentaire" TEXT,
    "fichier_cle" VARCHAR(200),
    "fichier_nom" VARCHAR(255),
    "fichier_type" VARCHAR(100),
    "fichier_taille" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),
    "etablissement_id" INTEGER NOT NULL,

    CONSTRAINT "lab_result_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fiche_changement" (
    "fiche" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "le" TIMESTAMPTZ(3) NOT NULL,
    "acteur_id" INTEGER,
    "acteur_role" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "champs" TEXT[],
    "avant" JSONB,
    "apres" JSONB,
    "etablissement_id" INTEGER NOT NULL,

    CONSTRAINT "fiche_changement_pkey" PRIMARY KEY ("fiche","version")
);

-- CreateIndex
CREATE INDEX "fiche_message_fiche_id_idx" ON "fiche_message"("fiche", "id");

-- CreateIndex
CREATE INDEX "fiche_reference_fiche_id_idx" ON "fiche_reference"("fiche", "id" DESC);

-- CreateIndex
CREATE INDEX "fiche_reference_etablissement_id_id_idx" ON "fiche_reference"("etablissement_id", "id" DESC);

-- CreateIndex
CREATE INDEX "lab_result_fiche_id_idx" ON "lab_result"("fiche", "id" DESC);

-- CreateIndex
CREATE INDEX "lab_result_etablissement_id_id_idx" ON "lab_result"("etablissement_id", "id" DESC);

-- Written by hand: what the schema cannot say.
ALTER TABLE "fiche_reference"
    ADD CONSTRAINT "fiche_reference_source_check" CHECK ("source" IN ('pubmed', 'cinahl', 'has', 'cochrane', 'other')),
    ADD CONSTRAINT "fiche_reference_year_check" CHECK ("year" >= 1800);

ALTER TABLE "fiche_message"
    ADD CONSTRAINT "fiche_message_content_check" CHECK (char_length("content") BETWEEN 1 AND 5000);

-- One fiche holds a title once, whatever its case, its accents and the spaces around it; a deleted one may come back.
CREATE UNIQUE INDEX "fiche_reference_titre_partial" ON "fiche_reference" ("fiche", "titre_cle") WHERE "deleted_at" IS NULL;
