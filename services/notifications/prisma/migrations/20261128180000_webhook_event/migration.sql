-- CreateTable
CREATE TABLE "webhook_event" (
    "id" SERIAL NOT NULL,
    "cle" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "sender_phone" TEXT NOT NULL,
    "recipient_phone" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "raw_payload" JSONB NOT NULL,
    "processing_status" TEXT NOT NULL DEFAULT 'pending',
    "processing_error" TEXT,
    "related_user_id" INTEGER,
    "related_fiche_id" INTEGER,
    "created_message_id" INTEGER,
    "etablissement_id" INTEGER,
    "created_by" INTEGER,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "traceparent" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3),
    "purged_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "opposition" (
    "telephone" TEXT NOT NULL,
    "canal" TEXT NOT NULL,
    "depuis" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "opposition_pkey" PRIMARY KEY ("telephone","canal")
);

-- CreateIndex
CREATE UNIQUE INDEX "webhook_event_cle_key" ON "webhook_event"("cle");

-- CreateIndex
CREATE INDEX "webhook_event_etablissement_id_id_idx" ON "webhook_event"("etablissement_id", "id");

-- CreateIndex
CREATE INDEX "webhook_event_related_fiche_id_idx" ON "webhook_event"("related_fiche_id");

-- CreateIndex
CREATE INDEX "webhook_event_sender_phone_received_at_idx" ON "webhook_event"("sender_phone", "received_at");

-- CreateIndex
CREATE INDEX "delivery_telephone_idx" ON "delivery"("telephone");

-- Written by hand: what the worker looks for, and what is to be emptied.
CREATE INDEX "webhook_event_due_partial" ON "webhook_event" ("next_attempt_at") WHERE "next_attempt_at" IS NOT NULL;
CREATE INDEX "webhook_event_unpurged_partial" ON "webhook_event" ("received_at") WHERE "purged_at" IS NULL;
