import { throwingUnavailable } from '@mediai/db';
import type { OptionsFicheStore } from '../fiche/fiche-store.ts';
import type { LabResult as Row, PrismaClient } from '../generated/prisma/client.ts';
import { ecrireSousFiche, listerPieces, refuser } from '../piece/piece-store.ts';
import type { PieceStore } from '../piece/piece.ts';
import type { Fichier, LabResult, ValeursLabResult } from './lab-result.ts';

export type LabStore = PieceStore<LabResult, ValeursLabResult>;

function versResultat({ id, fiche, auteur, type_analyse, valeur, unite, valeurs_normales, date_prelevement, laboratoire, commentaire, created_at, ...row }: Row): LabResult {
  return { id, fiche, auteur, type_analyse, valeur, unite, valeurs_normales, date_prelevement: date_prelevement.toISOString().slice(0, 10), laboratoire, commentaire, created_at, fichier: fichierDe(row) };
}

function fichierDe({ fichier_cle: cle, fichier_nom: nom, fichier_type: type, fichier_taille: taille }: Pick<Row, 'fichier_cle' | 'fichier_nom' | 'fichier_type' | 'fichier_taille'>): Fichier | null {
  return cle === null || nom === null || type === null || taille === null ? null : { cle, nom, type, taille };
}

const jour = (date: string): Date => new Date(`${date}T00:00:00Z`);
const versColonnes = ({ date_prelevement, ...valeurs }: Partial<ValeursLabResult>) => ({ ...valeurs, ...(date_prelevement === undefined ? {} : { date_prelevement: jour(date_prelevement) }) });

/** Results of laboratories in PostgreSQL. */
export function createLabStore(db: PrismaClient, options: OptionsFicheStore): LabStore {
  return throwingUnavailable<LabStore>({
    async find(id) {
      const row = await db.labResult.findFirst({ where: { id, deleted_at: null } });
      return row ? versResultat(row) : undefined;
    },
    list: (filtre) => listerPieces<Row, LabResult>(db, 'lab_result', filtre, versResultat),
    listOfFiche: async (fiche, take) => (await db.labResult.findMany({ where: { fiche, deleted_at: null }, orderBy: { id: 'desc' }, take })).map(versResultat),
    create: (fiche, valeurs, auteur, effets, limite) =>
      ecrireSousFiche(db, options, fiche, effets, async (tx) => {
        if ((await tx.labResult.count({ where: { fiche: fiche.id, deleted_at: null }, take: limite })) >= limite) refuser('pleine');
        const data = { ...valeurs, date_prelevement: jour(valeurs.date_prelevement), fiche: fiche.id, etablissement_id: fiche.etablissement_id, auteur, created_at: options.clock() };
        return versResultat(await tx.labResult.create({ data }));
      }),
    update: (fiche, { id }, valeurs, effets) =>
      ecrireSousFiche(db, options, fiche, effets, async (tx) => {
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
