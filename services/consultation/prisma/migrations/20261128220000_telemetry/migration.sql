-- AlterTable
ALTER TABLE "outbox" ADD COLUMN     "baggage" TEXT;

-- Written by hand: how many fiches wait for a médecin.
CREATE INDEX "fiche_consultation_attente_partial" ON "fiche_consultation" ("status") WHERE "status" IN ('en_analyse', 'analyse_terminee') AND "deleted_at" IS NULL;
