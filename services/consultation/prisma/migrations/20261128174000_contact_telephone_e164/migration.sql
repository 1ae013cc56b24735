ALTER TABLE "fiche_consultation" ADD COLUMN "contact_telephone_e164" VARCHAR(16);
