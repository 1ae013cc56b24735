-- AlterTable
ALTER TABLE "fiche_message" ADD COLUMN     "source_id" VARCHAR(255);

-- CreateIndex
CREATE UNIQUE INDEX "fiche_message_source_id_key" ON "fiche_message"("source_id");

-- Written by hand: to whom a phone leads.
CREATE INDEX "fiche_consultation_telephone_partial" ON "fiche_consultation" ("telephone_e164", "id" DESC) WHERE "deleted_at" IS NULL AND "telephone_e164" IS NOT NULL;
CREATE INDEX "user_projection_phone_partial" ON "user_projection" ("phone") WHERE "phone" IS NOT NULL;
