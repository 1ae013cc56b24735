-- Lists never hold what was deleted: their indexes leave it out, and answer counts without reading a row.

-- DropIndex
DROP INDEX "fiche_consultation_etablissement_id_created_at_id_idx";

-- DropIndex
DROP INDEX "fiche_consultation_etablissement_id_status_created_at_id_idx";

-- DropIndex
DROP INDEX "fiche_consultation_etablissement_id_urgence_rang_created_at_idx";

-- DropIndex
DROP INDEX "fiche_consultation_user_created_at_id_idx";

-- Written by hand: what the schema cannot say.
-- A patient's fiches, and an admin's, in each order and for each state.
CREATE INDEX "fiche_consultation_user_partial" ON "fiche_consultation" ("user", "created_at" DESC, "id" DESC) WHERE "deleted_at" IS NULL;
CREATE INDEX "fiche_consultation_toutes_partial" ON "fiche_consultation" ("etablissement_id", "created_at" DESC, "id" DESC) WHERE "deleted_at" IS NULL;
CREATE INDEX "fiche_consultation_toutes_status_partial" ON "fiche_consultation" ("etablissement_id", "status", "created_at" DESC, "id" DESC) WHERE "deleted_at" IS NULL;
CREATE INDEX "fiche_consultation_toutes_urgence_partial" ON "fiche_consultation" ("etablissement_id", "status", "urgence_rang" DESC, "created_at" DESC, "id" DESC) WHERE "deleted_at" IS NULL;

-- A médecin's: unassigned fiches, and those assigned to them.
CREATE INDEX "fiche_consultation_suivies_partial" ON "fiche_consultation" ("etablissement_id", "assigned_medecin", "created_at" DESC, "id" DESC) WHERE "deleted_at" IS NULL;
CREATE INDEX "fiche_consultation_suivies_status_partial" ON "fiche_consultation" ("etablissement_id", "assigned_medecin", "status", "created_at" DESC, "id" DESC) WHERE "deleted_at" IS NULL;
CREATE INDEX "fiche_consultation_suivies_urgence_partial" ON "fiche_consultation" ("etablissement_id", "assigned_medecin", "status", "urgence_rang" DESC, "created_at" DESC, "id" DESC) WHERE "deleted_at" IS NULL;

-- What was deleted, for the admins who may restore it: few rows.
CREATE INDEX "fiche_consultation_supprimees_partial" ON "fiche_consultation" ("etablissement_id", "created_at" DESC, "id" DESC) WHERE "deleted_at" IS NOT NULL;

-- Counts are read from the index alone where VACUUM has been, and plans follow the words that are written: both soon after the writes.
ALTER TABLE "fiche_consultation" SET (autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_insert_threshold = 2000, autovacuum_analyze_scale_factor = 0.02);
