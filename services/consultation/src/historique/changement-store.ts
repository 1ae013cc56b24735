import { auditInsert, throwingUnavailable, together, type SqlExecutor, type Statement } from '@mediai/db';
import { enCompte, profondeurMax, rangDe } from '@mediai/kit/page';
import type { Acte } from '../acces/journal.ts';
import { ligneAudit } from '../acces/journal-store.ts';
import type { Fiche } from '../fiche/fiche.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { changementDe, type Valeurs } from './changement.ts';
import type { Historique } from './list-historique.ts';

/**
 * The parts of a statement that write an act on a fiche and what it changed of it: the audit row and the row of the history.
 * @param avant the fiche as it was; null where the act made it
 * @param from a part of the same statement: nothing is written where it has no row
 */
export function partiesChangement(avant: Fiche | null, apres: Fiche, acte: Acte, from?: string): Statement[] {
  const audit = auditInsert(ligneAudit(apres, acte), from);
  const { fiche, version, le, acteurId, acteurRole, action, champs, avant: valeursAvant, apres: valeursApres } = changementDe(avant, apres, acte);
  return [
    { sql: `acte AS (${audit.sql})`, params: audit.params },
    {
      sql: `changement AS (
        INSERT INTO fiche_changement (fiche, version, le, acteur_id, acteur_role, action, champs, avant, apres, etablissement_id)
        SELECT $1::int, $2::int, $3::timestamptz, $4::int, $5::text, $6::text, ARRAY(SELECT jsonb_array_elements_text($7::text::jsonb)), $8::text::jsonb, $9::text::jsonb, $10::int${from === undefined ? '' : ` FROM ${from}`})`,
      params: [fiche, version, le, acteurId, acteurRole, action, JSON.stringify(champs), enJson(valeursAvant), enJson(valeursApres), apres.etablissement_id],
    },
  ];
}

/** Writes an act on a fiche and what it changed of it, in the transaction of the act and in one round trip. */
export async function appendChangement(tx: SqlExecutor, avant: Fiche | null, apres: Fiche, acte: Acte): Promise<void> {
  const { sql, params } = together(partiesChangement(avant, apres, acte), { sql: 'SELECT 1', params: [] });
  await tx.$executeRawUnsafe(sql, ...params);
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
