-- CreateTable
CREATE TABLE "delivery" (
    "id" SERIAL NOT NULL,
    "cle" TEXT NOT NULL,
    "canal" TEXT NOT NULL,
    "modele" TEXT NOT NULL,
    "telephone" TEXT NOT NULL,
    "user_id" INTEGER,
    "prenom" TEXT NOT NULL,
    "numero_dossier" TEXT,
    "fiche_id" INTEGER,
    "appointment_id" INTEGER,
    "appointment_version" INTEGER,
    "debut" TIMESTAMPTZ(3),
    "fuseau" TEXT NOT NULL,
    "etablissement_id" INTEGER NOT NULL,
    "etat" TEXT NOT NULL DEFAULT 'en_attente',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "lease_until" TIMESTAMPTZ(3),
    "uncertain_since" TIMESTAMPTZ(3),
    "resend_after" TIMESTAMPTZ(3),
    "message_sid" TEXT,
    "error_code" TEXT,
    "sent_at" TIMESTAMPTZ(3),
    "traceparent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "envoi_cle" (
    "cle" TEXT NOT NULL,
    "delivery_id" INTEGER NOT NULL,

    CONSTRAINT "envoi_cle_pkey" PRIMARY KEY ("cle")
);

-- CreateTable
CREATE TABLE "annonce" (
    "id" SERIAL NOT NULL,
    "modele" TEXT NOT NULL,
    "fiche_id" INTEGER,
    "appointment_id" INTEGER,
    "appointment_version" INTEGER,
    "appointment_status" TEXT,
    "debut" TIMESTAMPTZ(3),
    "user_id" INTEGER,
    "etablissement_id" INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "lease_until" TIMESTAMPTZ(3),
    "issue" TEXT,
    "delivery_id" INTEGER,
    "traceparent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "annonce_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "etablissement_projection" (
    "id" INTEGER NOT NULL,
    "fuseau" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "etablissement_projection_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "delivery_message_sid_key" ON "delivery"("message_sid");

-- CreateIndex
CREATE INDEX "delivery_cle_idx" ON "delivery"("cle");

-- CreateIndex
CREATE INDEX "delivery_fiche_id_idx" ON "delivery"("fiche_id");

-- CreateIndex
CREATE INDEX "delivery_appointment_id_idx" ON "delivery"("appointment_id");

-- CreateIndex
CREATE INDEX "annonce_appointment_id_idx" ON "annonce"("appointment_id");

-- Written by hand: what the workers look for.
CREATE INDEX "delivery_due_partial" ON "delivery" ("next_attempt_at") WHERE "etat" IN ('en_attente', 'en_cours', 'inconnu');
CREATE INDEX "annonce_due_partial" ON "annonce" ("next_attempt_at") WHERE "issue" IS NULL;
