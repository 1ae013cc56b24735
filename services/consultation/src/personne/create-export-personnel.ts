import type { Acteur } from '@mediai/kit/acteur';
import { exigerGeste } from '../acces/gestes.ts';
import type { Journal } from '../acces/journal.ts';
import type { CleExport, ReponseExport } from '../export/create-export.ts';
import { AUCUN_FILTRE } from '../export/export.ts';
import type { ExportStore } from '../export/ports.ts';
import { vueExport } from '../export/vue-export.ts';
import type { Annuaire } from '../fiche/ports.ts';

type Needs = { exports: Pick<ExportStore, 'create'>; journal: Pick<Journal, 'rejouer'>; annuaire: Pick<Annuaire, 'nommer'>; /** Called after the commit. */ onCreation: () => void };

/** Asks for all that is kept of the actor; one at a time: `existant` where one is being made already, which is then the answer. */
export function createCreateExportPersonnel({ exports, journal, annuaire, onCreation }: Needs) {
  return async ({ acteur, idempotence }: { acteur: Acteur; idempotence?: CleExport | undefined }): Promise<ReponseExport & { existant: boolean }> => {
    exigerGeste(acteur, 'mes_donnees.exporter');
    const premiere = idempotence && (await journal.rejouer({ ...idempotence, acteurId: acteur.id }));
    if (premiere) return { rejouee: premiere, existant: false };
    const noms = await annuaire.nommer([acteur.id]);
    const creation = await exports.create(
      { genre: 'personnel', etablissement_id: acteur.etablissementId, created_by: acteur.id, export_format: 'json', date_start: null, date_end: null, include_personal_data: true, filters: AUCUN_FILTRE },
      { actes: [{ acteur, action: 'mes_donnees.exporter' }], idempotence: idempotence && { ...idempotence, acteurId: acteur.id, ecrire: (job) => idempotence.ecrire(vueExport(job, noms)) } },
    );
    if ('rejouee' in creation) return { ...creation, existant: false };
    onCreation();
    return { vue: vueExport('cree' in creation ? creation.cree : creation.existant, noms), existant: 'existant' in creation };
  };
}
