-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "event_id" UUID NOT NULL,
    "topic" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "payload" BYTEA,
    "traceparent" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox" (
    "consumer" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("consumer","event_id")
);

-- CreateTable
CREATE TABLE "audit" (
    "id" BIGSERIAL NOT NULL,
    "le" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "acteur_id" INTEGER,
    "acteur_role" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "objet_type" TEXT NOT NULL,
    "objet_id" TEXT NOT NULL,
    "etablissement_id" INTEGER,
    "adresse" TEXT,
    "request_id" TEXT,
    "issue" TEXT NOT NULL,
    "raison" TEXT,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotence" (
    "acteur_id" INTEGER NOT NULL,
    "route" TEXT NOT NULL,
    "cle" TEXT NOT NULL,
    "corps_hash" BYTEA NOT NULL,
    "statut" INTEGER,
    "reponse" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotence_pkey" PRIMARY KEY ("acteur_id","route","cle")
);

-- CreateTable
CREATE TABLE "user_projection" (
    "id" INTEGER NOT NULL,
    "username" TEXT NOT NULL,
    "first_name" TEXT NOT NULL,
    "last_name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "is_staff" BOOLEAN NOT NULL,
    "is_active" BOOLEAN NOT NULL,
    "approuve" BOOLEAN NOT NULL,
    "specialty" TEXT,
    "is_available" BOOLEAN NOT NULL,
    "phone" TEXT,
    "etablissement_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_projection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fiche_projection" (
    "id" INTEGER NOT NULL,
    "numero_dossier" TEXT NOT NULL,
    "user_id" INTEGER,
    "assigned_medecin_id" INTEGER,
    "etablissement_id" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "published_analyse_ids" INTEGER[],
    "deleted" BOOLEAN NOT NULL DEFAULT false,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "fiche_projection_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "outbox_event_id_key" ON "outbox"("event_id");

-- CreateIndex
CREATE INDEX "inbox_received_at_idx" ON "inbox"("received_at");

-- CreateIndex
CREATE INDEX "audit_objet_type_objet_id_id_idx" ON "audit"("objet_type", "objet_id", "id");

-- CreateIndex
CREATE INDEX "audit_acteur_id_id_idx" ON "audit"("acteur_id", "id");

-- CreateIndex
CREATE INDEX "idempotence_created_at_idx" ON "idempotence"("created_at");

-- CreateIndex
CREATE INDEX "fiche_projection_user_id_idx" ON "fiche_projection"("user_id");

-- CreateIndex
CREATE INDEX "fiche_projection_assigned_medecin_id_idx" ON "fiche_projection"("assigned_medecin_id");

-- Written by hand: what the relay reads, and the count of what waits.
CREATE INDEX "outbox_unsent_partial" ON "outbox" ("id") WHERE "sent_at" IS NULL;
