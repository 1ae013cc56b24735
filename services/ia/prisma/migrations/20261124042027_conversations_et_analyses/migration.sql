-- CreateTable
CREATE TABLE "conversation" (
    "id" SERIAL NOT NULL,
    "nom" VARCHAR(100),
    "user_id" INTEGER,
    "fiche_id" INTEGER,
    "etablissement_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "conversation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message_ia" (
    "id" SERIAL NOT NULL,
    "conversation_id" INTEGER NOT NULL,
    "etablissement_id" INTEGER NOT NULL,
    "role" VARCHAR(20) NOT NULL,
    "content" TEXT NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "analyse_id" INTEGER,

    CONSTRAINT "message_ia_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "analyse_ia" (
    "id" SERIAL NOT NULL,
    "task_id" TEXT NOT NULL,
    "conversation_id" INTEGER NOT NULL,
    "fiche_id" INTEGER NOT NULL,
    "etablissement_id" INTEGER NOT NULL,
    "fiche_version" INTEGER NOT NULL,
    "etat" VARCHAR(20) NOT NULL DEFAULT 'en_attente',
    "bail_jeton" UUID,
    "bail_fin" TIMESTAMPTZ(3),
    "prochain_essai" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "essais" INTEGER NOT NULL DEFAULT 0,
    "traceparent" TEXT,
    "demandee_le" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "commencee_le" TIMESTAMPTZ(3),
    "finie_le" TIMESTAMPTZ(3),
    "lignes" JSONB,
    "urgence_regles" VARCHAR(10),
    "prompt_version" VARCHAR(20),
    "voix_demandees" INTEGER NOT NULL DEFAULT 0,
    "voix_valides" INTEGER NOT NULL DEFAULT 0,
    "urgence_ia" VARCHAR(10),
    "relecture_prioritaire" BOOLEAN NOT NULL DEFAULT false,
    "simulation" BOOLEAN NOT NULL DEFAULT false,
    "synthese_par" VARCHAR(20),
    "fusion" JSONB,
    "echec_code" VARCHAR(60),

    CONSTRAINT "analyse_ia_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "avis_voix" (
    "analyse_id" INTEGER NOT NULL,
    "role" VARCHAR(20) NOT NULL,
    "fournisseur" VARCHAR(20) NOT NULL,
    "modele" TEXT NOT NULL,
    "simulation" BOOLEAN NOT NULL,
    "resultat" VARCHAR(30) NOT NULL,
    "tentatives" INTEGER NOT NULL,
    "duree_ms" INTEGER NOT NULL,
    "jetons_entree" INTEGER NOT NULL DEFAULT 0,
    "jetons_sortie" INTEGER NOT NULL DEFAULT 0,
    "vote" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "avis_voix_pkey" PRIMARY KEY ("analyse_id","role")
);

-- CreateIndex
CREATE UNIQUE INDEX "conversation_fiche_id_key" ON "conversation"("fiche_id");

-- CreateIndex
CREATE INDEX "conversation_user_id_id_idx" ON "conversation"("user_id", "id");

-- CreateIndex
CREATE INDEX "conversation_etablissement_id_id_idx" ON "conversation"("etablissement_id", "id");

-- CreateIndex
CREATE INDEX "message_ia_conversation_id_id_idx" ON "message_ia"("conversation_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "message_ia_analyse_id_role_key" ON "message_ia"("analyse_id", "role");

-- CreateIndex
CREATE UNIQUE INDEX "analyse_ia_task_id_key" ON "analyse_ia"("task_id");

-- CreateIndex
CREATE INDEX "analyse_ia_etat_prochain_essai_idx" ON "analyse_ia"("etat", "prochain_essai");

-- CreateIndex
CREATE INDEX "analyse_ia_fiche_id_id_idx" ON "analyse_ia"("fiche_id", "id");

-- AddForeignKey
ALTER TABLE "message_ia" ADD CONSTRAINT "message_ia_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message_ia" ADD CONSTRAINT "message_ia_analyse_id_fkey" FOREIGN KEY ("analyse_id") REFERENCES "analyse_ia"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "analyse_ia" ADD CONSTRAINT "analyse_ia_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "avis_voix" ADD CONSTRAINT "avis_voix_analyse_id_fkey" FOREIGN KEY ("analyse_id") REFERENCES "analyse_ia"("id") ON DELETE CASCADE ON UPDATE CASCADE;
