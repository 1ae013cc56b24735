import { auditInsert, throwingUnavailable, type SqlExecutor } from '@mediai/db';
import { enCompte, profondeurMax, rangDe } from '@mediai/kit/page';
import type { Acte } from '../acces/journal.ts';
import { ligneAudit } from '../acces/journal-store.ts';
import type { Fiche } from '../fiche/fiche.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { changementDe, type Valeurs } from './changement.ts';
import type { Historique } from './list-historique.ts';

/**
 * Writes an act on a fiche and what it changed of it, in the transaction of the act: the audit row and the row of the
 * history in one round trip.
 * @param avant the fiche as it was; null where the act made it
 */
export async function appendChangement(tx: SqlExecutor, avant: Fiche | null, apres: Fiche, acte: Acte): Promise<void> {
  const audit = auditInsert(ligneAudit(apres, acte));
  const { fiche, version, le, acteurId, acteurRole, action, champs, avant: valeursAvant, apres: valeursApres } = changementDe(avant, apres, acte);
  const at = audit.params.length;
  await tx.$executeRawUnsafe(
    `WITH acte AS (${audit.sql})
     INSERT INTO fiche_changement (fiche, version, le, acteur_id, acteur_role, action, champs, avant, apres, etablissement_id)
     VALUES ($${at + 1}::int, $${at + 2}::int, $${at + 3}::timestamptz, $${at + 4}::int, $${at + 5}, $${at + 6},
       ARRAY(SELECT jsonb_array_elements_text($${at + 7}::text::jsonb)), $${at + 8}::text::jsonb, $${at + 9}::text::jsonb, $${at + 10}::int)`,
    ...audit.params, fiche, version, le, acteurId, acteurRole, action, JSON.stringify(champs), enJson(valeursAvant), enJson(valeursApres), apres.etablissement_id,
  );
}

const enJson = (valeurs: Valeurs | null): string | null => (valeurs === null ? null : JSON.stringify(valeurs));

/** Writes that fiches were made, all in one statement; their audit line is their maker's. */
export async function appendCreations(tx: SqlExecutor, fiches: readonly Fiche[], acte: Pick<Acte, 'acteur' | 'action'>): Promise<void> {
  if (fiches.length === 0) return;
  const lignes = fiches.map((fiche) => ({ ...changementDe(null, fiche, acte), etablissementId: fiche.etablissement_id }));
  await tx.$executeRawUnsafe(
    `INSERT INTO fiche_changement (fiche, version, le, acteur_id, acteur_role, action, champs, etablissement_id)
     SELECT fiche, version, le, "acteurId", "acteurRole", action, '{}', "etablissementId"
     FROM jsonb_to_recordset($1::text::jsonb) AS cree (fiche int, version int, le timestamptz, "acteurId" int, "acteurRole" text, action text, "etablissementId" int)`,
    JSON.stringify(lignes),
  );
}

/** The history of fiches in PostgreSQL; it is written with the fiches themselves. */
export function createHistorique(db: PrismaClient): Historique {
  return throwingUnavailable<Historique>({
    async list({ ficheId, ...page }) {
      const where = { fiche: ficheId };
      const [rows, count] = await Promise.all([
        db.ficheChangement.findMany({ where, orderBy: { version: 'desc' }, skip: rangDe(page), take: page.pageSize }),
        db.ficheChangement.count({ where, take: profondeurMax + 1 }),
      ]);
      const changements = rows.map(({ fiche, version, le, acteur_id: acteurId, acteur_role: acteurRole, action, champs, avant, apres }) => ({
        fiche, version, le, acteurId, acteurRole, action, champs, avant: avant as Valeurs | null, apres: apres as Valeurs | null,
      }));
      return { changements, ...enCompte(count) };
    },
  });
}
