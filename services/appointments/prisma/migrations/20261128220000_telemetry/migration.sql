-- AlterTable
ALTER TABLE "outbox" ADD COLUMN     "baggage" TEXT;

-- Written by hand: how many requests wait for an answer.
CREATE INDEX "appointment_attente_partial" ON "appointment" ("id") WHERE "status" = 'pending' AND "deleted_at" IS NULL;
