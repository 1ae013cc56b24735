-- Written by hand: what the schema cannot say.
-- What a médecin's lists read (unassigned fiches, those assigned to them), in each order and for each state: a page costs the same at any depth.
CREATE INDEX "fiche_consultation_suivies_partial" ON "fiche_consultation" ("etablissement_id", "assigned_medecin", "created_at" DESC, "id" DESC) WHERE "deleted_at" IS NULL;
CREATE INDEX "fiche_consultation_suivies_status_partial" ON "fiche_consultation" ("etablissement_id", "assigned_medecin", "status", "created_at" DESC, "id" DESC) WHERE "deleted_at" IS NULL;
CREATE INDEX "fiche_consultation_suivies_urgence_partial" ON "fiche_consultation" ("etablissement_id", "assigned_medecin", "urgence_rang" DESC, "created_at" DESC, "id" DESC) WHERE "deleted_at" IS NULL;

-- What was deleted, for the admins who may restore it: few rows.
CREATE INDEX "fiche_consultation_supprimees_partial" ON "fiche_consultation" ("etablissement_id", "created_at" DESC, "id" DESC) WHERE "deleted_at" IS NOT NULL;
