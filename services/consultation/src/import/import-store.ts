import { appendOutbox } from '@mediai/events';
import { advanceSequence, auditBatch, auditTable, claimRows, etatOf, tables, type Etat } from '@mediai/import-django';
import { openDatabase } from '../database-store.ts';
import { versEvenement } from '../fiche/fiche-events.ts';
import { versColonnes } from '../fiche/fiche-row-store.ts';
import type { Fiche } from '../fiche/fiche.ts';
import { appendCreations } from '../historique/changement-store.ts';

export type FicheImportStore = ReturnType<typeof openFicheImportStore>;

/** The last dossier number of a day. */
export type Compteur = { jour: string; dernier: number };

/** Fiches taken over, on the service's own database. */
export function openFicheImportStore(databaseUrl: string) {
  const { db, close } = openDatabase(databaseUrl);
  return {
    close,
    advance: (sequence: string, upTo: number): Promise<void> => advanceSequence(db, sequence, upTo),
    audit: (etablissementId: number) => (table: string, compte: Parameters<typeof auditTable>[2]) => auditTable(db, table, compte, { service: 'consultation', etablissementId }),
    etat: (ids: readonly number[]): Promise<Etat> => etatOf(db, tables.fiches, 'fiche_consultation', ids),

    /** The fiches that bear these numbers. */
    async porteurs(numeros: readonly string[]): Promise<Map<string, number>> {
      const rows = await db.ficheConsultation.findMany({ where: { numero_dossier: { in: [...numeros] } }, select: { id: true, numero_dossier: true } });
      return new Map(rows.map(({ id, numero_dossier }) => [numero_dossier, id]));
    },

    /** Fiches, marks, counters, `FicheImported` and the audit line in one transaction. */
    ecrire: (fiches: readonly Fiche[], compteurs: readonly Compteur[], etablissementId: number): Promise<void> => db.$transaction(async (tx) => {
      const prises = await claimRows(tx, tables.fiches, fiches.map(({ id }) => id));
      const nouvelles = fiches.filter(({ id }) => prises.has(id));
      await tx.ficheConsultation.createMany({ data: nouvelles.map(({ id, ...fiche }) => ({ ...versColonnes(fiche), id })) });
      for (const { jour, dernier } of compteurs) {
        await tx.$executeRaw`
          INSERT INTO numero_dossier_bloc AS bloc (jour, dernier) VALUES (${jour}::date, ${dernier}::int)
          ON CONFLICT (jour) DO UPDATE SET dernier = excluded.dernier WHERE bloc.dernier < excluded.dernier`;
      }
      await appendCreations(tx, nouvelles, { acteur: null, action: 'fiche.importer' });
      await appendOutbox(tx, nouvelles.map((fiche) => versEvenement(fiche, { type: 'FicheImported' })));
      await auditBatch(tx, tables.fiches, [...prises], { service: 'consultation', etablissementId });
    }),
  };
}
