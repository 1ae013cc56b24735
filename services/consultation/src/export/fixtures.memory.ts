import { AppError } from '@mediai/kit/errors';
import { createDepotMemory } from '../fichier/depot.memory.ts';
import type { DepotFichiers } from '../fichier/ports.ts';
import { AUCUN_FILTRE, type NouvelExport } from './export.ts';
import type { Colonne } from './format/colonne.ts';
import type { LignesFiches } from './ports.ts';

/** The object store of these tests; `enPanne` makes it unavailable, `ecrits` are the keys that were written. */
export function createTestDepot() {
  const vrai = createDepotMemory();
  const depot: DepotFichiers & { contenus: Map<string, Buffer>; enPanne: boolean; ecrits: string[] } = {
    ...vrai,
    enPanne: false,
    ecrits: [],
    async ecrire(cle, contenu) {
      if (depot.enPanne) throw new AppError('unavailable');
      const ecrit = await vrai.ecrire(cle, contenu);
      depot.ecrits.push(cle);
      return ecrit;
    },
  };
  return depot;
}

export const COLONNES: readonly Colonne[] = [{ nom: 'id', type: 'int' }, { nom: 'motif_consultation', type: 'string' }, { nom: 'created_at', type: 'timestamp' }];
export const CREE_LE = new Date('2026-11-24T06:15:30Z');

/** Rows 1 to `combien`, as the database would give them; `lues` are the places that were asked for. */
export function createMemoryLignes(combien: number): LignesFiches & { lues: number[]; ajouter: (plus: number) => void } {
  let total = combien;
  const lues: number[] = [];
  return {
    lues,
    ajouter: (plus) => {
      total += plus;
    },
    compter: async () => ({ total, borne: total }),
    async lire(_, { apres, borne, limite }) {
      lues.push(apres);
      const ids = Array.from({ length: Math.max(0, Math.min(limite, borne - apres)) }, (__, i) => apres + i + 1);
      return { ids, lignes: ids.map((id) => [id, `motif ${id}`, CREE_LE]) };
    },
  };
}

/** An export as it is asked for in tests. */
export const nouvelExport = (plus: Partial<NouvelExport> = {}): NouvelExport => ({
  genre: 'fiches', etablissement_id: 1, created_by: 5, export_format: 'csv', date_start: '2026-01-01', date_end: '2026-11-24', include_personal_data: false, filters: AUCUN_FILTRE, ...plus,
});
