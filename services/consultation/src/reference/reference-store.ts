import { createHash } from 'node:crypto';
import { throwingUnavailable } from '@mediai/db';
import type { OptionsFicheStore } from '../fiche/fiche-store.ts';
import type { FicheReference, PrismaClient } from '../generated/prisma/client.ts';
import { listerPieces } from '../piece/piece-list-store.ts';
import { ecrireSousFiche, refuser } from '../piece/piece-store.ts';
import type { PieceStore } from '../piece/piece.ts';
import { cleDuTitre, type Reference, type SourceReference, type ValeursReference } from './reference.ts';

export type ReferenceStore = PieceStore<Reference, ValeursReference>;

/** Of one length, whatever folding makes of a title: an index cannot hold every text. */
export const hashDuTitre = (title: string): string => createHash('sha256').update(cleDuTitre(title)).digest('hex');

const versReference = ({ id, fiche, auteur, title, url, source, authors, year, journal, created_at }: FicheReference): Reference => ({ id, fiche, auteur, title, url, source: source as SourceReference, authors, year, journal, created_at });
const avecCle = <V extends Partial<ValeursReference>>(valeurs: V) => (valeurs.title === undefined ? valeurs : { ...valeurs, titre_cle: hashDuTitre(valeurs.title) });

/** References of fiches in PostgreSQL; the index says which title is there already, to two at once as well. */
export function createReferenceStore(db: PrismaClient, options: OptionsFicheStore): ReferenceStore {
  return throwingUnavailable<ReferenceStore>({
    async find(id) {
      const row = await db.ficheReference.findFirst({ where: { id, deleted_at: null } });
      return row ? versReference(row) : undefined;
    },
    list: (filtre) => listerPieces<FicheReference, Reference>(db, { table: 'fiche_reference' }, filtre, versReference),
    listOfFiche: async (fiche, take) => (await db.ficheReference.findMany({ where: { fiche, deleted_at: null }, orderBy: { id: 'desc' }, take })).map(versReference),
    create: (fiche, valeurs, auteur, effets, limite) =>
      ecrireSousFiche(db, options, fiche, effets, async (tx) => {
        if ((await tx.ficheReference.count({ where: { fiche: fiche.id, deleted_at: null }, take: limite })) >= limite) refuser('pleine');
        const data = { ...valeurs, titre_cle: hashDuTitre(valeurs.title), fiche: fiche.id, etablissement_id: fiche.etablissement_id, auteur, created_at: options.clock() };
        return versReference(await tx.ficheReference.create({ data }));
      }),
    update: (fiche, { id }, valeurs, effets) =>
      ecrireSousFiche(db, options, fiche, effets, async (tx) => {
        const [row] = await tx.ficheReference.updateManyAndReturn({ where: { id, deleted_at: null }, data: avecCle(valeurs) });
        return row ? versReference(row) : refuser('absente');
      }),
    delete: (fiche, { id }, effets) =>
      ecrireSousFiche(db, options, fiche, effets, async (tx) => {
        const [row] = await tx.ficheReference.updateManyAndReturn({ where: { id, deleted_at: null }, data: { deleted_at: options.clock() } });
        return row ? versReference(row) : refuser('absente');
      }),
  });
}
