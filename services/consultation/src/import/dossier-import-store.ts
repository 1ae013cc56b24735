import { auditBatch, claimRows, etatOf, tables, type Etat } from '@mediai/import-django';
import type { FichierDepose } from '../fichier/ports.ts';
import { garderFichier } from '../fichier/fichier-store.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { hashDuTitre } from '../reference/reference-store.ts';
import type { AttachmentRepris, MessageRepris, ReferenceReprise, ResultatRepris } from './juger-dossier.ts';

type Tx = Prisma.TransactionClient;
export type Deposes<T> = ReadonlyMap<T, FichierDepose>;

const ici = { [tables.ficheMessages]: 'fiche_message', [tables.references]: 'fiche_reference', [tables.labResults]: 'lab_result', [tables.attachments]: 'attachment' } as const;
export type TableDossier = keyof typeof ici;

export type DossierImportStore = ReturnType<typeof createDossierImportStore>;

/** What lies beside fiches, taken over: rows, marks, kept files and the audit line of a batch are one transaction. */
export function createDossierImportStore(db: PrismaClient) {
  return {
    etat: (table: TableDossier, ids: readonly number[]): Promise<Etat> => etatOf(db, table, ici[table], ids),

    /** Of these fiches, those that were erased here. */
    async effacees(ids: readonly number[]): Promise<Set<number>> {
      const rows = await db.ficheChangement.findMany({ where: { fiche: { in: [...ids] }, action: 'fiche.effacer' }, select: { fiche: true } });
      return new Set(rows.map(({ fiche }) => fiche));
    },

    /** Of these results, those that have no file. */
    async resultatsSansFichier(ids: Iterable<number>): Promise<Set<number>> {
      const rows = await db.labResult.findMany({ where: { id: { in: [...ids] }, fichier_cle: null, deleted_at: null }, select: { id: true } });
      return new Set(rows.map(({ id }) => id));
    },

    /** The references that these fiches show. */
    referencesDe: (fiches: readonly number[]): Promise<{ id: number; fiche: number; title: string }[]> =>
      db.ficheReference.findMany({ where: { fiche: { in: [...fiches] }, deleted_at: null }, select: { id: true, fiche: true, title: true } }),

    ecrireMessages: (messages: readonly MessageRepris[], etablissementId: number): Promise<void> =>
      ecrire(db, tables.ficheMessages, messages, etablissementId, async (tx, data) => void (await tx.ficheMessage.createMany({ data }))),

    ecrireReferences: (references: readonly ReferenceReprise[], etablissementId: number): Promise<void> =>
      ecrire(db, tables.references, references, etablissementId, async (tx, nouvelles) => {
        await tx.ficheReference.createMany({ data: nouvelles.map((nouvelle) => ({ ...nouvelle, titre_cle: hashDuTitre(nouvelle.title) })) });
      }),

    /** Answers the ids of the files that it kept. */
    async ecrireResultats(resultats: readonly ResultatRepris[], deposes: Deposes<number>, etablissementId: number): Promise<Set<string>> {
      const gardes = new Set<string>();
      await ecrire(db, tables.labResults, resultats, etablissementId, async (tx, nouveaux) => {
        for (const { id } of nouveaux) await garder(tx, deposes.get(id), gardes);
        await tx.labResult.createMany({
          data: nouveaux.map(({ fichier: _fichier, date_prelevement, ...valeurs }) => ({ ...valeurs, date_prelevement: new Date(`${date_prelevement}T00:00:00Z`), ...colonnesFichier(deposes.get(valeurs.id)) })),
        });
      });
      return gardes;
    },

    /** Answers the ids of the files that it kept. */
    async ecrireAttachments(attachments: readonly AttachmentRepris[], deposes: Deposes<number>, etablissementId: number): Promise<Set<string>> {
      const gardes = new Set<string>();
      await ecrire(db, tables.attachments, attachments, etablissementId, async (tx, nouveaux) => {
        for (const { id } of nouveaux) await garder(tx, deposes.get(id), gardes);
        await tx.attachment.createMany({ data: nouveaux.flatMap((nouveau) => {
          const depose = deposes.get(nouveau.id);
          return depose ? [{ ...nouveau, fichier: depose.id }] : [];
        }) });
      });
      return gardes;
    },
  };
}

async function garder(tx: Tx, depose: FichierDepose | undefined, gardes: Set<string>): Promise<void> {
  if (!depose) return;
  await garderFichier(tx, depose);
  gardes.add(depose.id);
}

const colonnesFichier = (depose: FichierDepose | undefined) => (depose ? { fichier_cle: depose.cle, fichier_nom: depose.nom, fichier_type: depose.typeMime, fichier_taille: depose.taille } : {});

/** Marks rows, gives them to `inserer` with the établissement of their fiches, and audits them. */
function ecrire<N extends { id: number; fiche: number }>(db: PrismaClient, objet: TableDossier, lignes: readonly N[], etablissementId: number, inserer: (tx: Tx, nouvelles: (N & { etablissement_id: number })[]) => Promise<void>): Promise<void> {
  return db.$transaction(async (tx) => {
    const prises = await claimRows(tx, objet, lignes.map(({ id }) => id));
    const nouvelles = lignes.filter(({ id }) => prises.has(id));
    const fiches = await tx.ficheConsultation.findMany({ where: { id: { in: nouvelles.map(({ fiche }) => fiche) } }, select: { id: true, etablissement_id: true } });
    const etablissements = new Map(fiches.map(({ id, etablissement_id }) => [id, etablissement_id]));
    await inserer(tx, nouvelles.map((nouvelle) => ({ ...nouvelle, etablissement_id: exigerEtablissement(etablissements.get(nouvelle.fiche)) })));
    await auditBatch(tx, objet, [...prises], { service: 'consultation', etablissementId });
  });
}

function exigerEtablissement(id: number | undefined): number {
  if (id === undefined) throw new Error('A fiche that was taken over is no longer there.');
  return id;
}
