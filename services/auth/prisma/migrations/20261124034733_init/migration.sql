-- CreateTable
CREATE TABLE "etablissement" (
    "id" SERIAL NOT NULL,
    "nom" VARCHAR(200) NOT NULL,
    "telephone_urgence" VARCHAR(20),
    "fuseau" VARCHAR(60) NOT NULL DEFAULT 'Africa/Lubumbashi',
    "consentement_ia" VARCHAR(20) NOT NULL DEFAULT 'presume',
    "textes" JSONB NOT NULL DEFAULT '{}',
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

CONSTRAINT "etablissement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" SERIAL NOT NULL,
    "username" VARCHAR(150) NOT NULL,
    "username_key" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "first_name" VARCHAR(150) NOT NULL DEFAULT '',
    "last_name" VARCHAR(150) NOT NULL DEFAULT '',
    "email" VARCHAR(254),
    "email_key" TEXT,
    "phone" VARCHAR(20),
    "role" VARCHAR(10) NOT NULL,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "is_staff" BOOLEAN NOT NULL DEFAULT false,
    "is_superuser" BOOLEAN NOT NULL DEFAULT false,
    "date_joined" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_login" TIMESTAMPTZ(3),
    "etablissement_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patient_profile" (
    "user_id" INTEGER NOT NULL,
    "date_of_birth" DATE,
    "phone_number" VARCHAR(60),
    "address" TEXT,

CONSTRAINT "patient_profile_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "medecin_profile" (
    "user_id" INTEGER NOT NULL,
    "specialty" VARCHAR(100),
    "phone_number" VARCHAR(60),
    "address" TEXT,
    "is_available" BOOLEAN NOT NULL DEFAULT true,
    "is_approved" BOOLEAN NOT NULL DEFAULT false,

CONSTRAINT "medecin_profile_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "refresh_family" (
    "id" UUID NOT NULL,
    "user_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_reason" VARCHAR(40),

CONSTRAINT "refresh_family_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_token" (
    "token_hash" BYTEA NOT NULL,
    "family_id" UUID NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "rotated_at" TIMESTAMPTZ(3),

CONSTRAINT "refresh_token_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "signing_key" (
    "kid" VARCHAR(64) NOT NULL,
    "public_jwk" JSONB NOT NULL,
    "private_key" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

CONSTRAINT "signing_key_pkey" PRIMARY KEY ("kid")
);

-- CreateTable
CREATE TABLE "login_attempt" (
    "cle" VARCHAR(64) NOT NULL,
    "failures" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "blocked_until" TIMESTAMPTZ(3),

CONSTRAINT "login_attempt_pkey" PRIMARY KEY ("cle")
);

-- CreateTable
CREATE TABLE "known_address" (
    "cle" VARCHAR(64) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

CONSTRAINT "known_address_pkey" PRIMARY KEY ("cle")
);

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

-- CreateIndex
CREATE UNIQUE INDEX "users_username_key_key" ON "users"("username_key");

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key_key" ON "users"("email_key");

-- CreateIndex
CREATE INDEX "users_etablissement_id_role_id_idx" ON "users"("etablissement_id", "role", "id");

-- CreateIndex
CREATE INDEX "refresh_family_user_id_idx" ON "refresh_family"("user_id");

-- CreateIndex
CREATE INDEX "refresh_token_family_id_idx" ON "refresh_token"("family_id");

-- CreateIndex
CREATE INDEX "refresh_token_expires_at_idx" ON "refresh_token"("expires_at");

-- CreateIndex
CREATE INDEX "login_attempt_last_at_idx" ON "login_attempt"("last_at");

-- CreateIndex
CREATE INDEX "known_address_last_seen_at_idx" ON "known_address"("last_seen_at");

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

-- AddForeignKey
ALTER TABLE "users" ADD CONSTRAINT "users_etablissement_id_fkey" FOREIGN KEY ("etablissement_id") REFERENCES "etablissement"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_profile" ADD CONSTRAINT "patient_profile_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "medecin_profile" ADD CONSTRAINT "medecin_profile_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refresh_family" ADD CONSTRAINT "refresh_family_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refresh_token" ADD CONSTRAINT "refresh_token_family_id_fkey" FOREIGN KEY ("family_id") REFERENCES "refresh_family"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Values the code writes, held by the database too.
ALTER TABLE "users" ADD CONSTRAINT "users_role_check" CHECK ("role" IN ('patient', 'medecin'));
ALTER TABLE "etablissement" ADD CONSTRAINT "etablissement_consentement_ia_check" CHECK ("consentement_ia" IN ('presume', 'explicite'));

-- Ids below 1000 are kept for demonstration accounts; 1 is the default établissement.
ALTER SEQUENCE "users_id_seq" RESTART WITH 1000;
ALTER SEQUENCE "etablissement_id_seq" RESTART WITH 2;
