import { appendOutbox } from '@mediai/events';
import { advanceSequence, auditBatch, auditTable, claimRows, etatOf, tables, type Etat } from '@mediai/import-django';
import { openDatabase } from '../database-store.ts';
import { versEvenement } from '../fiche/fiche-events.ts';
import { versColonnes } from '../fiche/fiche-row-store.ts';
import type { Fiche } from '../fiche/fiche.ts';
import { createFichierStore, garderFichier } from '../fichier/fichier-store.ts';
import type { FichierDepose } from '../fichier/ports.ts';
import { appendCreations } from '../historique/changement-store.ts';
import { createDossierImportStore } from './dossier-import-store.ts';

export type FicheImportStore = ReturnType<typeof openFicheImportStore>;

/** The last dossier number of a day. */
export type Compteur = { jour: string; dernier: number };

/** Fiches taken over, and what lies beside them, on the service's own database. */
export function openFicheImportStore(databaseUrl: string) {
  const { db, close } = openDatabase(databaseUrl);
  return {
    close,
    dossier: createDossierImportStore(db),
    fichiers: createFichierStore(db),
    advance: (sequence: string, upTo: number): Promise<void> => advanceSequence(db, sequence, upTo),
    audit: (etablissementId: number) => (table: string, compte: Parameters<typeof auditTable>[2]) => auditTable(db, table, compte, { service: 'consultation', etablissementId }),
    etat: (ids: readonly number[]): Promise<Etat> => etatOf(db, tables.fiches, 'fiche_consultation', ids),

    /** The fiches that bear these numbers. */
    async porteurs(numeros: readonly string[]): Promise<Map<string, number>> {
      const rows = await db.ficheConsultation.findMany({ where: { numero_dossier: { in: [...numeros] } }, select: { id: true, numero_dossier: true } });
      return new Map(rows.map(({ id, numero_dossier }) => [numero_dossier, id]));
    },

    /** Of these fiches, those that bear no signature. */
    async sansSignature(ids: Iterable<number>): Promise<Set<number>> {
      const rows = await db.ficheConsultation.findMany({ where: { id: { in: [...ids] }, signature_medecin: null }, select: { id: true } });
      return new Set(rows.map(({ id }) => id));
    },

    /** Fiches, marks, counters, signatures, `FicheImported` and the audit line in one transaction; answers the ids of the files that it kept. */
    ecrire: (fiches: readonly Fiche[], compteurs: readonly Compteur[], signatures: ReadonlyMap<number, FichierDepose>, etablissementId: number): Promise<Set<string>> => db.$transaction(async (tx) => {
      const prises = await claimRows(tx, tables.fiches, fiches.map(({ id }) => id));
      const nouvelles = fiches.filter(({ id }) => prises.has(id)).map((fiche) => ({ ...fiche, signature_medecin: signatures.get(fiche.id)?.id ?? null }));
      const gardes = nouvelles.flatMap(({ id }) => signatures.get(id) ?? []);
      for (const depose of gardes) await garderFichier(tx, depose);
      await tx.ficheConsultation.createMany({ data: nouvelles.map(({ id, ...fiche }) => ({ ...versColonnes(fiche), id })) });
      for (const { jour, dernier } of compteurs) {
        await tx.$executeRaw`
          INSERT INTO numero_dossier_bloc AS bloc (jour, dernier) VALUES (${jour}::date, ${dernier}::int)
          ON CONFLICT (jour) DO UPDATE SET dernier = excluded.dernier WHERE bloc.dernier < excluded.dernier`;
      }
      await appendCreations(tx, nouvelles, { acteur: null, action: 'fiche.importer' });
      await appendOutbox(tx, nouvelles.map((fiche) => versEvenement(fiche, { type: 'FicheImported' })));
      await auditBatch(tx, tables.fiches, [...prises], { service: 'consultation', etablissementId });
      return new Set(gardes.map(({ id }) => id));
    }),
  };
}
