-- AlterTable
ALTER TABLE "patient_profile" ADD COLUMN     "avenue" VARCHAR(100),
ADD COLUMN     "commune" VARCHAR(100),
ADD COLUMN     "contact_adresse" VARCHAR(255),
ADD COLUMN     "contact_nom" VARCHAR(100),
ADD COLUMN     "contact_telephone" VARCHAR(30),
ADD COLUMN     "postnom" VARCHAR(100),
ADD COLUMN     "quartier" VARCHAR(100),
ADD COLUMN     "sexe" VARCHAR(10);

-- AlterTable
ALTER TABLE "signing_key" ADD COLUMN     "signs_from" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "tokens_valid_from" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "consentement" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "finalite" VARCHAR(40) NOT NULL,
    "version" VARCHAR(40) NOT NULL,
    "accorde_le" TIMESTAMPTZ(3),
    "retire_le" TIMESTAMPTZ(3),

    CONSTRAINT "consentement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "password_reset_code" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER,
    "code_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "password_reset_code_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "imported_row" (
    "objet" TEXT NOT NULL,
    "id" INTEGER NOT NULL,
    "importe_le" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "imported_row_pkey" PRIMARY KEY ("objet","id")
);

-- CreateIndex
CREATE INDEX "consentement_user_id_finalite_id_idx" ON "consentement"("user_id", "finalite", "id");

-- CreateIndex
CREATE INDEX "password_reset_code_user_id_id_idx" ON "password_reset_code"("user_id", "id");

-- CreateIndex
CREATE INDEX "password_reset_code_expires_at_idx" ON "password_reset_code"("expires_at");

-- CreateIndex
CREATE INDEX "users_tokens_valid_from_idx" ON "users"("tokens_valid_from");

-- AddForeignKey
ALTER TABLE "consentement" ADD CONSTRAINT "consentement_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "password_reset_code" ADD CONSTRAINT "password_reset_code_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
