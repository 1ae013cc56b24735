import { throwingUnavailable } from '@mediai/db';
import type { OptionsFicheStore } from '../fiche/fiche-store.ts';
import { garderFichier, relacherFichier } from '../fichier/fichier-store.ts';
import type { LabResult as Row, PrismaClient } from '../generated/prisma/client.ts';
import type { Tx } from '../fiche/fiche-write-store.ts';
import { listerPieces } from '../piece/piece-list-store.ts';
import { ecrireSousFiche, refuser } from '../piece/piece-store.ts';
import type { PieceStore } from '../piece/piece.ts';
import type { EcritureLabResult, FichierLab, LabResult } from './lab-result.ts';

export type LabStore = PieceStore<LabResult, EcritureLabResult>;

function versResultat({ id, fiche, auteur, type_analyse, valeur, unite, valeurs_normales, date_prelevement, laboratoire, commentaire, created_at, ...row }: Row): LabResult {
  return { id, fiche, auteur, type_analyse, valeur, unite, valeurs_normales, date_prelevement: date_prelevement.toISOString().slice(0, 10), laboratoire, commentaire, created_at, fichier: fichierDe(row) };
}

function fichierDe({ fichier_cle: cle, fichier_nom: nom, fichier_type: typeMime, fichier_taille: taille }: Pick<Row, 'fichier_cle' | 'fichier_nom' | 'fichier_type' | 'fichier_taille'>): FichierLab | null {
  return cle === null || nom === null || typeMime === null || taille === null ? null : { id: cle.slice(cle.lastIndexOf('/') + 1), cle, nom, typeMime, taille };
}

const jour = (date: string): Date => new Date(`${date}T00:00:00Z`);

const colonnesDe = (fichier: FichierLab | null) => ({ fichier_cle: fichier?.cle ?? null, fichier_nom: fichier?.nom ?? null, fichier_type: fichier?.typeMime ?? null, fichier_taille: fichier?.taille ?? null });

const versColonnes = ({ date_prelevement, fichier, ...valeurs }: Partial<EcritureLabResult>) => ({
  ...valeurs,
  ...(date_prelevement === undefined ? {} : { date_prelevement: jour(date_prelevement) }),
  ...(fichier === undefined ? {} : colonnesDe(fichier)),
});

/** Results of laboratories in PostgreSQL. */
export function createLabStore(db: PrismaClient, options: OptionsFicheStore): LabStore {
  return throwingUnavailable<LabStore>({
    async find(id) {
      const row = await db.labResult.findFirst({ where: { id, deleted_at: null } });
      return row ? versResultat(row) : undefined;
    },
    list: (filtre) => listerPieces<Row, LabResult>(db, { table: 'lab_result' }, filtre, versResultat),
    listOfFiche: async (fiche, take) => (await db.labResult.findMany({ where: { fiche, deleted_at: null }, orderBy: { id: 'desc' }, take })).map(versResultat),
    create: (fiche, { fichier = null, ...valeurs }, auteur, effets, limite) =>
      ecrireSousFiche(db, options, fiche, effets, async (tx) => {
        if ((await tx.labResult.count({ where: { fiche: fiche.id, deleted_at: null }, take: limite })) >= limite) refuser('pleine');
        if (fichier) await garderFichier(tx, fichier);
        const data = { ...valeurs, ...colonnesDe(fichier), date_prelevement: jour(valeurs.date_prelevement), fiche: fiche.id, etablissement_id: fiche.etablissement_id, auteur, created_at: options.clock() };
        return versResultat(await tx.labResult.create({ data }));
      }),
    update: (fiche, { id }, valeurs, effets) =>
      ecrireSousFiche(db, options, fiche, effets, async (tx) => {
        if (valeurs.fichier !== undefined) await remplacer(tx, id, valeurs.fichier);
        const [row] = await tx.labResult.updateManyAndReturn({ where: { id, deleted_at: null }, data: versColonnes(valeurs) });
        return row ? versResultat(row) : refuser('absente');
      }),
    delete: (fiche, { id }, effets) =>
      ecrireSousFiche(db, options, fiche, effets, async (tx) => {
        const [row] = await tx.labResult.updateManyAndReturn({ where: { id, deleted_at: null }, data: { deleted_at: options.clock() } });
        return row ? versResultat(row) : refuser('absente');
      }),
  });
}

/** The file that was there goes, the new one stays, as the row that refers to them is written. */
async function remplacer(tx: Tx, id: number, fichier: EcritureLabResult['fichier']): Promise<void> {
  const avant = await tx.labResult.findFirst({ where: { id, deleted_at: null } });
  const ancien = avant && fichierDe(avant);
  if (ancien) await relacherFichier(tx, ancien.id);
  if (fichier) await garderFichier(tx, fichier);
}
