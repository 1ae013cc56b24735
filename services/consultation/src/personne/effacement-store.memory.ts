import { createMemoryJournal, type MemoryJournal } from '../acces/journal.memory.ts';
import type { Acte } from '../acces/journal.ts';
import type { Effacement } from './effacement.ts';
import type { EffacementStore } from './ports.ts';

export interface MemoryEffacements extends EffacementStore {
  readonly actes: (Acte & { effacementId: number })[];
  /** Whose fiches were erased, with the names that were to be hidden. */
  readonly effaces: { userId: number; noms: readonly string[] }[];
}

const OUVERTES = ['en_attente', 'acceptee'];

/** The store of requests without a database; `fichesDe` says how many fiches somebody has. */
export function createMemoryEffacements({ clock, journal = createMemoryJournal({ clock }), fichesDe = () => 0 }: { clock: () => Date; journal?: MemoryJournal; fichesDe?: (userId: number) => number }): MemoryEffacements {
  const demandes = new Map<number, Effacement>();
  const actes: MemoryEffacements['actes'] = [];
  const effaces: MemoryEffacements['effaces'] = [];
  function changer(id: number, de: Effacement['statut'], vers: Partial<Effacement>, acte: Acte): Effacement | 'perdue' {
    const demande = demandes.get(id);
    if (demande?.statut !== de) return 'perdue';
    const changee = { ...demande, ...vers };
    demandes.set(id, changee);
    actes.push({ ...acte, effacementId: id });
    return changee;
  }
  return {
    actes, effaces,
    async create(nouvel, { acte, idempotence }) {
      const rejouee = journal.premiere(idempotence);
      if (rejouee) return { rejouee };
      if ([...demandes.values()].some(({ user_id: id, statut }) => id === nouvel.user_id && OUVERTES.includes(statut))) return 'ouverte';
      const cree: Effacement = { ...nouvel, id: demandes.size + 1, statut: 'en_attente', demande_le: clock(), decide_par: null, decide_le: null, motif_refus: null, efface_le: null, fiches: null };
      demandes.set(cree.id, cree);
      actes.push({ ...acte, effacementId: cree.id });
      if (idempotence) journal.garder(idempotence, idempotence.ecrire(cree));
      return { cree };
    },
    find: async (id) => demandes.get(id),
    async list({ userId, etablissementId, statuts, page, pageSize }) {
      const trouvees = [...demandes.values()].reverse().filter((demande) =>
        (userId ?? demande.user_id) === demande.user_id && (etablissementId ?? demande.etablissement_id) === demande.etablissement_id && (statuts?.includes(demande.statut) ?? true));
      return { effacements: trouvees.slice((page - 1) * pageSize, page * pageSize), count: trouvees.length, countExact: true };
    },
    async noter({ id }, acte) {
      actes.push({ ...acte, effacementId: id });
    },
    async refuser(id, { par, le, motif, acte, idempotence }) {
      const rejouee = journal.premiere(idempotence);
      if (rejouee) return { rejouee };
      const refusee = changer(id, 'en_attente', { statut: 'refusee', decide_par: par, decide_le: le, motif_refus: motif }, acte);
      if (idempotence && refusee !== 'perdue') journal.garder(idempotence, idempotence.ecrire(refusee));
      return refusee;
    },
    async accepter(id, { par, le, noms, acte }) {
      const acceptee = changer(id, 'en_attente', { statut: 'acceptee', decide_par: par, decide_le: le, motif: null }, acte);
      if (acceptee === 'perdue') return acceptee;
      effaces.push({ userId: acceptee.user_id, noms });
      const comptee = { ...acceptee, fiches: fichesDe(acceptee.user_id) };
      demandes.set(id, comptee);
      return comptee;
    },
    async conclure(id, { le, acte, idempotence }) {
      const rejouee = journal.premiere(idempotence);
      if (rejouee) return { rejouee };
      changer(id, 'acceptee', { statut: 'effacee', efface_le: le }, acte);
      const present = demandes.get(id);
      if (present?.statut !== 'effacee') return undefined;
      if (idempotence) journal.garder(idempotence, idempotence.ecrire(present));
      return present;
    },
  };
}
