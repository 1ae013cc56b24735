-- CreateTable
CREATE TABLE "fichier" (
    "id" UUID NOT NULL,
    "etablissement_id" INTEGER NOT NULL,
    "etat" VARCHAR(20) NOT NULL,
    "nom" VARCHAR(150),
    "type_mime" VARCHAR(100),
    "extension" VARCHAR(10),
    "taille" INTEGER,
    "sha256" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "fichier_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attachment" (
    "id" SERIAL NOT NULL,
    "fiche" INTEGER NOT NULL,
    "fichier" UUID NOT NULL,
    "kind" VARCHAR(20) NOT NULL DEFAULT 'other',
    "note" TEXT,
    "uploaded_by" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),
    "etablissement_id" INTEGER NOT NULL,

    CONSTRAINT "attachment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "attachment_fichier_key" ON "attachment"("fichier");

-- CreateIndex
CREATE INDEX "attachment_fiche_id_idx" ON "attachment"("fiche", "id" DESC);

-- CreateIndex
CREATE INDEX "attachment_etablissement_id_id_idx" ON "attachment"("etablissement_id", "id" DESC);

-- Written by hand: what the schema cannot say.
ALTER TABLE "fichier"
    ADD CONSTRAINT "fichier_etat_check" CHECK ("etat" IN ('en_cours', 'garde', 'a_supprimer')),
    ADD CONSTRAINT "fichier_garde_check" CHECK ("etat" <> 'garde' OR ("nom" IS NOT NULL AND "type_mime" IS NOT NULL AND "extension" IS NOT NULL AND "taille" > 0 AND octet_length("sha256") = 32));

-- What the sweep looks for: the few that are not kept.
CREATE INDEX "fichier_a_balayer_partial" ON "fichier" ("created_at") WHERE "etat" <> 'garde';

ALTER TABLE "attachment"
    ADD CONSTRAINT "attachment_kind_check" CHECK ("kind" IN ('image', 'document', 'xray', 'scan', 'prescription', 'other')),
    ADD CONSTRAINT "attachment_note_check" CHECK (char_length("note") <= 5000);
