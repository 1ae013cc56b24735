import { colonnesExport } from '@mediai/fiche';
import type { Journal } from '../acces/journal.ts';
import type { DepotFichiers } from '../fichier/ports.ts';
import type { Vues } from '../fiche/open-fiche.ts';
import type { Annuaire, Horloge } from '../fiche/ports.ts';
import { createCreateEffacement } from '../personne/create-effacement.ts';
import { createCreateExportPersonnel } from '../personne/create-export-personnel.ts';
import { createDecideEffacement } from '../personne/decide-effacement.ts';
import { createDonneesPersonnelles, type PersonneStore } from '../personne/donnees-personnelles.ts';
import type { CompteAEffacer } from '../personne/effacement.ts';
import { createListEffacements } from '../personne/list-effacements.ts';
import type { EffacementStore } from '../personne/ports.ts';
import { createCreateExport } from './create-export.ts';
import type { ExportStore, LignesFiches } from './ports.ts';
import { createReadExports, DES_FICHES, PERSONNELS } from './read-exports.ts';
import { createRunExport } from './run-export.ts';
import { createSweepExports } from './sweep-exports.ts';

/** What exports and erasures are made over. */
export type PartsExports = {
  exports: ExportStore;
  lignes: LignesFiches;
  effacements: EffacementStore;
  personnes: PersonneStore;
  comptes: {
    aEffacer: (userId: number) => Promise<CompteAEffacer | undefined>;
    lire: (userId: number) => Promise<Record<string, unknown> | undefined>;
    fermer: (userId: number, token: string) => Promise<void>;
  };
  depot: DepotFichiers;
  /** Called when there is an export to make. */
  onCreation: () => void;
  onLignes: (lignes: number) => void;
  onErreur: (exportId: number, error: unknown) => void;
};

type Parts = PartsExports & { journal: Journal; annuaire: Annuaire; vues: Vues; clock: Horloge };

/** Exports, a person's own data and their erasure, over their parts. */
export function assembleExports({ exports, lignes, effacements, personnes, comptes, depot, journal, annuaire, vues, clock, onCreation, onLignes, onErreur }: Parts) {
  const donneesPersonnelles = createDonneesPersonnelles({ personnes, journal, annuaire, vues, effacements, lireCompte: comptes.lire, clock });
  return {
    useCases: {
      createExport: createCreateExport({ exports, journal, annuaire, clock, onCreation }),
      readExports: createReadExports({ exports, annuaire, depot, clock }, DES_FICHES),
      createExportPersonnel: createCreateExportPersonnel({ exports, journal, annuaire, onCreation }),
      readExportsPersonnels: createReadExports({ exports, annuaire, depot, clock }, PERSONNELS),
      createEffacement: createCreateEffacement({ effacements, journal, annuaire }),
      listEffacements: createListEffacements({ effacements, annuaire }),
      decideEffacement: createDecideEffacement({ effacements, journal, annuaire, lireCompte: comptes.aEffacer, fermerCompte: comptes.fermer, clock }),
    },
    runExport: createRunExport({ exports, lignes, colonnes: colonnesExport, donneesPersonnelles, depot, clock, onLignes, onErreur }),
    sweepExports: createSweepExports({ exports, depot, clock }),
  };
}
