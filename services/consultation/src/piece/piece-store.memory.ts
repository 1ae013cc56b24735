import type { MemoryJournal } from '../acces/journal.memory.ts';
import type { MemoryFiches } from '../fiche/fiche-store.memory.ts';
import type { Fiche } from '../fiche/fiche.ts';
import { listerEnMemoire } from './piece-list.memory.ts';
import type { EcriturePiece, EffetsPiece, NonEcrite, Piece, PieceStore } from './piece.ts';

export type MemoryParts = { fiches: MemoryFiches; journal: MemoryJournal; clock: () => Date };

/** Writes under a fiche as the database does: on the version that was read, with its act, its key and what it raises. */
export async function ecrireEnMemoire<P extends object>({ fiches, journal }: MemoryParts, fiche: Fiche, { acte, idempotence, hausse }: EffetsPiece<P>, ecrire: () => P | NonEcrite): Promise<EcriturePiece<P>> {
  const rejouee = journal.premiere(idempotence);
  if (rejouee) return { rejouee };
  const presente = await fiches.find(fiche.id);
  if (presente?.version !== fiche.version) return 'perdue';
  const ecrite = ecrire();
  if (typeof ecrite === 'string') return ecrite;
  if (hausse) await fiches.update(fiche, hausse, { acte, evenements: [{ type: 'FicheEdited' }] });
  else journal.ecrire(fiche.id, acte);
  if (idempotence) journal.garder(idempotence, idempotence.ecrire(ecrite));
  return { ecrite };
}

type Particularites<P> = { /** What one fiche holds once. */ cleDe?: (piece: P) => string; /** Deleted ones count for the limit too. */ supprimeesComptees?: boolean };

/** Pieces of one kind without a database. */
export function createMemoryPieces<P extends Piece, V extends object>(parts: MemoryParts, versPiece: (valeurs: V, base: Piece) => P, { cleDe, supprimeesComptees = false }: Particularites<P> = {}): PieceStore<P, V> {
  const { fiches, clock } = parts;
  const pieces = new Map<number, P>();
  const supprimees = new Set<number>();
  let dernierId = 0;

  const vivantes = (): P[] => [...pieces.values()].filter(({ id }) => !supprimees.has(id)).reverse();
  const compter = (ficheId: number): number => (supprimeesComptees ? [...pieces.values()] : vivantes()).filter(({ fiche }) => fiche === ficheId).length;
  const deLaFiche = (ficheId: number): P[] => vivantes().filter(({ fiche }) => fiche === ficheId);
  const garder = (piece: P): P | NonEcrite => {
    if (cleDe && deLaFiche(piece.fiche).some((autre) => autre.id !== piece.id && cleDe(autre) === cleDe(piece))) return 'double';
    pieces.set(piece.id, piece);
    return piece;
  };

  return {
    find: async (id) => (supprimees.has(id) ? undefined : pieces.get(id)),
    list: (filtre) => listerEnMemoire(vivantes(), fiches, filtre),
    listOfFiche: async (ficheId, limite) => deLaFiche(ficheId).slice(0, limite),
    create: (fiche, valeurs, auteur, effets, limite) =>
      ecrireEnMemoire(parts, fiche, effets, () => (compter(fiche.id) >= limite ? 'pleine' : garder(versPiece(valeurs, { id: ++dernierId, fiche: fiche.id, auteur, created_at: clock() })))),
    update: (fiche, { id }, valeurs, effets) =>
      ecrireEnMemoire(parts, fiche, effets, () => {
        const presente = supprimees.has(id) ? undefined : pieces.get(id);
        return presente ? garder({ ...presente, ...valeurs }) : 'absente';
      }),
    delete: (fiche, { id }, effets) =>
      ecrireEnMemoire(parts, fiche, effets, () => {
        const presente = supprimees.has(id) ? undefined : pieces.get(id);
        if (!presente) return 'absente';
        supprimees.add(id);
        return presente;
      }),
  };
}
