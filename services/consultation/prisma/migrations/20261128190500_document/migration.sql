-- AlterTable
ALTER TABLE "etablissement_projection" ADD COLUMN     "nom" TEXT;

-- CreateTable
CREATE TABLE "document_verification" (
    "id" SERIAL NOT NULL,
    "fiche_id" INTEGER NOT NULL,
    "etablissement_id" INTEGER NOT NULL,
    "vue" VARCHAR(10) NOT NULL,
    "sel" BYTEA NOT NULL,
    "jeton_hash" BYTEA NOT NULL,
    "empreinte" BYTEA NOT NULL,
    "emis_le" TIMESTAMPTZ(3) NOT NULL,
    "revoque_le" TIMESTAMPTZ(3),

    CONSTRAINT "document_verification_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "document_verification_jeton_hash_key" ON "document_verification"("jeton_hash");

-- Written by hand: what the schema cannot say.
ALTER TABLE "document_verification"
    ADD CONSTRAINT "document_verification_vue_check" CHECK ("vue" IN ('patient', 'medecin'));

-- The same content is printed under one code, until that is revoked.
CREATE UNIQUE INDEX "document_verification_vivante_partial" ON "document_verification" ("fiche_id", "empreinte") WHERE "revoque_le" IS NULL;
