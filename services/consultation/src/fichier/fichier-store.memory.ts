import { unavailable } from '@mediai/kit/errors';
import type { Horloge } from '../fiche/ports.ts';
import type { FichierDepose, FichierStore } from './ports.ts';

export interface MemoryFichiers extends FichierStore {
  garder(depose: FichierDepose): void;
  relacher(id: string): void;
  /** State of every row, by id. */
  etats(): Record<string, string>;
}

/** The rows of files without a database; what the real one does in others' transactions is done by `garder` and `relacher`. */
export function createMemoryFichiers({ clock }: { clock: Horloge }): MemoryFichiers {
  const rows = new Map<string, { etat: 'en_cours' | 'garde' | 'a_supprimer'; creeLe: Date; depose?: FichierDepose }>();
  return {
    async commencer(id) {
      rows.set(id, { etat: 'en_cours', creeLe: clock() });
    },
    async find(id) {
      const row = rows.get(id);
      return row?.etat === 'garde' ? row.depose : undefined;
    },
    async aSupprimer(commencesAvant, limite) {
      for (const row of rows.values()) if (row.etat === 'en_cours' && row.creeLe < commencesAvant) row.etat = 'a_supprimer';
      const anciens = [...rows].filter(([, { etat }]) => etat === 'a_supprimer').toSorted(([, a], [, b]) => a.creeLe.getTime() - b.creeLe.getTime());
      return anciens.slice(0, limite).map(([id]) => id);
    },
    async reprendre(id) {
      const row = rows.get(id);
      if (row?.etat !== 'en_cours') return false;
      row.etat = 'a_supprimer';
      return true;
    },
    async oublier(id) {
      if (rows.get(id)?.etat !== 'garde') rows.delete(id);
    },
    garder(depose) {
      const row = rows.get(depose.id);
      if (row?.etat !== 'en_cours') throw unavailable();
      Object.assign(row, { etat: 'garde', depose });
    },
    relacher(id) {
      const row = rows.get(id);
      if (row?.etat === 'garde') row.etat = 'a_supprimer';
    },
    etats: () => Object.fromEntries([...rows].map(([id, { etat }]) => [id, etat])),
  };
}
