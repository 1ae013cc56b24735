import { createMemoryJournal, type MemoryJournal } from '../acces/journal.memory.ts';
import { RANG_URGENCE, type Fiche } from './fiche.ts';
import type { Effets, EvenementFiche, FicheStore, FiltreFiches, Horloge } from './ports.ts';

export interface MemoryFiches extends FicheStore {
  readonly evenements: { fiche: Fiche; evenement: EvenementFiche }[];
  readonly actes: MemoryJournal['actes'];
}

/** The fiche store without a database; acts and keys go to the journal that is given. */
export function createMemoryFiches({ clock, journal = createMemoryJournal({ clock }) }: { clock: Horloge; journal?: MemoryJournal }): MemoryFiches {
  const fiches = new Map<number, Fiche>();
  const supprimees = new Set<number>();
  const recus = new Set<string>();
  const blocs = new Map<string, number>();
  const evenements: MemoryFiches['evenements'] = [];
  const { actes, premiere } = journal;
  let dernierId = 0;

  function effectuer(fiche: Fiche, effets: Effets): void {
    evenements.push(...effets.evenements.map((evenement) => ({ fiche, evenement })));
    journal.ecrire(fiche.id, effets.acte);
    if (effets.idempotence) journal.garder(effets.idempotence, effets.idempotence.ecrire(fiche));
  }

  const vivantes = (): Fiche[] => [...fiches.values()].filter(({ id }) => !supprimees.has(id));

  return {
    evenements,
    actes,
    find: async (id) => (supprimees.has(id) ? undefined : fiches.get(id)),
    findNumero: async (numero) => vivantes().find((fiche) => fiche.numero_dossier === numero),
    objets: async (ids) => vivantes().filter(({ id }) => ids.includes(id)),
    async list(filtre) {
      const trouvees = vivantes().filter((fiche) => convient(fiche, filtre)).sort(comparer(filtre.ordre));
      return { fiches: trouvees.slice((filtre.page - 1) * filtre.pageSize, filtre.page * filtre.pageSize), count: trouvees.length, countExact: true };
    },
    async create(nouvelle, effets) {
      const rejouee = premiere(effets.idempotence);
      if (rejouee) return { rejouee };
      const creee: Fiche = { ...nouvelle, id: ++dernierId };
      fiches.set(creee.id, creee);
      effectuer(creee, effets);
      return { creee };
    },
    async update(id, version, changement, effets, { supprimer = false } = {}) {
      if (effets.evenementRecu && recus.has(effets.evenementRecu)) return 'deja';
      const rejouee = premiere(effets.idempotence);
      if (rejouee) return { rejouee };
      const fiche = fiches.get(id);
      if (!fiche || supprimees.has(id) || fiche.version !== version) return 'perdue';
      const ecrite: Fiche = { ...fiche, ...changement, version: version + 1, updated_at: clock() };
      fiches.set(id, ecrite);
      if (supprimer) supprimees.add(id);
      if (effets.evenementRecu) recus.add(effets.evenementRecu);
      effectuer(ecrite, effets);
      return { ecrite };
    },
    async marquerRecu(evenementRecu) {
      recus.add(evenementRecu);
    },
    async analysesSansResultat(avant, limite) {
      const enCours = vivantes().filter((fiche) => fiche.analyse_en_cours && fiche.analyse_demandee_le < avant);
      return enCours.sort((a, b) => a.analyse_demandee_le.getTime() - b.analyse_demandee_le.getTime()).slice(0, limite).map(({ id }) => id);
    },
    async demanderDifferees(maintenant, limite) {
      const dues = vivantes().filter((fiche) => fiche.analyse_en_cours && fiche.analyse_differee_le !== null && fiche.analyse_differee_le <= maintenant).slice(0, limite);
      for (const fiche of dues) {
        const demandee = { ...fiche, analyse_differee_le: null, analyse_demandee_le: maintenant };
        fiches.set(fiche.id, demandee);
        evenements.push({ fiche: demandee, evenement: { type: 'AnalyseRequested', taskId: fiche.analyse_task_id ?? '' } });
      }
      return dues.length;
    },
    async prendreBloc(jour, taille) {
      const dernier = (blocs.get(jour) ?? 0) + taille;
      blocs.set(jour, dernier);
      return dernier;
    },
  };
}

function convient(fiche: Fiche, filtre: FiltreFiches): boolean {
  return (
    (filtre.user === undefined || fiche.user === filtre.user) &&
    (filtre.etablissementId === undefined || fiche.etablissement_id === filtre.etablissementId) &&
    (filtre.visibleDe === undefined || fiche.assigned_medecin === null || fiche.assigned_medecin === filtre.visibleDe || fiche.user === filtre.visibleDe) &&
    (filtre.assigneeA === undefined || fiche.assigned_medecin === filtre.assigneeA) &&
    (filtre.isPatientDistance === undefined || fiche.is_patient_distance === filtre.isPatientDistance) &&
    (filtre.status?.includes(fiche.status) ?? true) &&
    (filtre.urgence?.includes(fiche.urgence) ?? true) &&
    filtre.mots.every((mot) => fiche.recherche.includes(mot))
  );
}

function comparer(ordre: FiltreFiches['ordre']): (a: Fiche, b: Fiche) => number {
  const parDate = (a: Fiche, b: Fiche): number => b.created_at.getTime() - a.created_at.getTime() || b.id - a.id;
  const parRang = (a: Fiche, b: Fiche): number => RANG_URGENCE[b.urgence] - RANG_URGENCE[a.urgence];
  switch (ordre) {
    case '-created_at':
      return parDate;
    case 'created_at':
      return (a, b) => parDate(b, a);
    case '-urgence':
      return (a, b) => parRang(a, b) || parDate(a, b);
    case 'urgence':
      return (a, b) => parRang(b, a) || parDate(a, b);
  }
}
