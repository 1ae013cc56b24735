-- CreateTable
CREATE TABLE "appointment" (
    "id" SERIAL NOT NULL,
    "patient_id" INTEGER NOT NULL,
    "medecin_id" INTEGER,
    "fiche_id" INTEGER,
    "etablissement_id" INTEGER NOT NULL,
    "requested_start" TIMESTAMPTZ(3) NOT NULL,
    "requested_end" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_start" TIMESTAMPTZ(3),
    "confirmed_end" TIMESTAMPTZ(3),
    "consultation_mode" VARCHAR(20) NOT NULL DEFAULT 'distanciel',
    "location_note" TEXT,
    "status" VARCHAR(20) NOT NULL DEFAULT 'pending',
    "message_patient" TEXT,
    "message_medecin" TEXT,
    "cancel_message" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "appointment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "appointment_patient_id_created_at_id_idx" ON "appointment"("patient_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "appointment_etablissement_id_created_at_id_idx" ON "appointment"("etablissement_id", "created_at" DESC, "id" DESC);

-- Values the code writes, held by the database too.
ALTER TABLE "appointment" ADD CONSTRAINT "appointment_status_check" CHECK ("status" IN ('pending', 'confirmed', 'declined', 'cancelled'));
ALTER TABLE "appointment" ADD CONSTRAINT "appointment_consultation_mode_check" CHECK ("consultation_mode" IN ('presentiel', 'distanciel'));
ALTER TABLE "appointment" ADD CONSTRAINT "appointment_requested_check" CHECK ("requested_end" > "requested_start");
ALTER TABLE "appointment" ADD CONSTRAINT "appointment_confirmed_check" CHECK (("confirmed_start" IS NULL) = ("confirmed_end" IS NULL) AND "confirmed_end" > "confirmed_start");
ALTER TABLE "appointment" ADD CONSTRAINT "appointment_agreed_check" CHECK ("status" <> 'confirmed' OR ("medecin_id" IS NOT NULL AND "confirmed_start" IS NOT NULL));

-- No two confirmed appointments of a médecin overlap; one may begin when another ends.
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE "appointment" ADD CONSTRAINT "appointment_creneau_excl"
    EXCLUDE USING gist ("medecin_id" WITH =, tstzrange("confirmed_start", "confirmed_end", '[)') WITH &&)
    WHERE ("status" = 'confirmed' AND "deleted_at" IS NULL);

-- Ids below 1000 are kept for demonstration appointments.
ALTER SEQUENCE "appointment_id_seq" RESTART WITH 1000;
