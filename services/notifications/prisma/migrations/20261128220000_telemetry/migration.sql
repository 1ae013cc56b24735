-- AlterTable
ALTER TABLE "outbox" ADD COLUMN     "baggage" TEXT;
