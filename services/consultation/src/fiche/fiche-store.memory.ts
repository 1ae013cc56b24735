import { createMemoryJournal, type MemoryJournal } from '../acces/journal.memory.ts';
import { rangDe } from '@mediai/kit/page';
import type { Curseur, OrdreFiches } from './curseur.ts';
import { createMemoryFichiers, type MemoryFichiers } from '../fichier/fichier-store.memory.ts';
import { changementDe, type Changement as ChangementNote } from '../historique/changement.ts';
import type { Historique } from '../historique/list-historique.ts';
import { RANG_URGENCE, type Fiche } from './fiche.ts';
import type { Effets, EvenementFiche, FicheStore, FiltreFiches, Horloge } from './ports.ts';
import { LONGUEUR_TRIGRAMME } from './recherche.ts';

export interface MemoryFiches extends FicheStore {
  readonly historique: Historique;
  readonly evenements: { fiche: Fiche; evenement: EvenementFiche }[];
  readonly actes: MemoryJournal['actes'];
}

/** The fiche store without a database; acts and keys go to the journal that is given. */
export function createMemoryFiches({ clock, journal = createMemoryJournal({ clock }), fichiers = createMemoryFichiers({ clock }) }: { clock: Horloge; journal?: MemoryJournal; fichiers?: MemoryFichiers }): MemoryFiches {
  const fiches = new Map<number, Fiche>();
  const supprimees = new Set<number>();
  const recus = new Set<string>();
  const blocs = new Map<string, number>();
  const evenements: MemoryFiches['evenements'] = [];
  const changements: ChangementNote[] = [];
  const { actes, premiere } = journal;
  let dernierId = 0;

  function effectuer(avant: Fiche | null, fiche: Fiche, effets: Effets): void {
    if (effets.fichiers?.garder) fichiers.garder(effets.fichiers.garder);
    if (effets.fichiers?.relacher) fichiers.relacher(effets.fichiers.relacher);
    changements.push(changementDe(avant, fiche, effets.acte));
    evenements.push(...effets.evenements.map((evenement) => ({ fiche, evenement })));
    journal.ecrire(fiche.id, effets.acte);
    if (effets.idempotence) journal.garder(effets.idempotence, effets.idempotence.ecrire(fiche));
  }

  const vivantes = (): Fiche[] => [...fiches.values()].filter(({ id }) => !supprimees.has(id));

  return {
    evenements,
    actes,
    historique: {
      async list({ ficheId, page, pageSize }) {
        const trouves = changements.filter(({ fiche }) => fiche === ficheId).reverse();
        return { changements: trouves.slice((page - 1) * pageSize, page * pageSize), count: trouves.length, countExact: true };
      },
    },
    find: async (id) => (supprimees.has(id) ? undefined : fiches.get(id)),
    findSupprimee: async (id) => (supprimees.has(id) ? fiches.get(id) : undefined),
    version: async (id) => (supprimees.has(id) ? undefined : fiches.get(id)?.version),
    findNumero: async (numero) => vivantes().find((fiche) => fiche.numero_dossier === numero),
    objets: async (ids) => vivantes().filter(({ id }) => ids.includes(id)),
    async list(filtre) {
      const comparees = comparer(filtre.ordre);
      const { curseur, pageSize } = filtre;
      const trouvees = [...fiches.values()].filter((fiche) => supprimees.has(fiche.id) === (filtre.supprimees ?? false) && convient(fiche, filtre)).sort(comparees);
      const reste = curseur ? trouvees.filter((fiche) => comparees(placeDe(fiche), curseur) > 0) : trouvees.slice(rangDe(filtre));
      return { fiches: reste.slice(0, pageSize), suite: reste.length > pageSize, count: trouvees.length, countExact: true };
    },
    async create(nouvelle, effets) {
      const rejouee = premiere(effets.idempotence);
      if (rejouee) return { rejouee };
      const creee: Fiche = { ...nouvelle, id: ++dernierId };
      fiches.set(creee.id, creee);
      effectuer(null, creee, effets);
      return { creee };
    },
    async update(avant, changement, effets, { suppression } = {}) {
      const { id, version } = avant;
      if (effets.evenementRecu && recus.has(effets.evenementRecu)) return 'deja';
      const rejouee = premiere(effets.idempotence);
      if (rejouee) return { rejouee };
      const fiche = fiches.get(id);
      if (!fiche || supprimees.has(id) !== (suppression === 'defaire') || fiche.version !== version) return 'perdue';
      const ecrite: Fiche = { ...fiche, ...changement, version: version + 1, updated_at: clock() };
      fiches.set(id, ecrite);
      if (suppression === 'faire') supprimees.add(id);
      if (suppression === 'defaire') supprimees.delete(id);
      if (effets.evenementRecu) recus.add(effets.evenementRecu);
      effectuer(avant, ecrite, effets);
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
    filtre.mots.every((mot) => (mot.length < LONGUEUR_TRIGRAMME ? ` ${fiche.recherche}`.includes(` ${mot}`) : fiche.recherche.includes(mot)))
  );
}

type Place = Pick<Curseur, 'rang' | 'created_at' | 'id'>;

const placeDe = ({ urgence, created_at, id }: Fiche): Place => ({ rang: RANG_URGENCE[urgence], created_at, id });

function comparer(ordre: OrdreFiches): (a: Fiche | Place, b: Fiche | Place) => number {
  const place = (une: Fiche | Place): Place => ('urgence' in une ? placeDe(une) : une);
  const parDate = (a: Place, b: Place): number => a.created_at.getTime() - b.created_at.getTime() || a.id - b.id;
  const montant = (a: Place, b: Place): number => (ordre.endsWith('urgence') ? a.rang - b.rang || parDate(a, b) : parDate(a, b));
  return (a, b) => (ordre.startsWith('-') ? montant(place(b), place(a)) : montant(place(a), place(b)));
}
