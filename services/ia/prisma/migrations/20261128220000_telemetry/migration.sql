-- AlterTable
ALTER TABLE "outbox" ADD COLUMN     "baggage" TEXT;

-- Written by hand: how many analyses wait, and since when.
CREATE INDEX "analyse_ia_attente_partial" ON "analyse_ia" ("demandee_le") WHERE "etat" IN ('en_attente', 'en_cours');
