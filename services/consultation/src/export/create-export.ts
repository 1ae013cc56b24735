import type { Acteur } from '@mediai/kit/acteur';
import { exigerGeste } from '../acces/gestes.ts';
import type { Acte, Cle, Journal } from '../acces/journal.ts';
import { jourEtHeure } from '../fiche/jour.ts';
import type { Annuaire, Horloge } from '../fiche/ports.ts';
import { lireDemandeExport, type SaisieExport } from './demande-export.ts';
import type { ExportStore } from './ports.ts';
import { vueExport, type VueExport } from './vue-export.ts';

/** An Idempotency-Key as the edge gives it: it knows how an answer is written. */
export type CleExport = Omit<Cle, 'acteurId'> & { readonly ecrire: (vue: VueExport) => Uint8Array };
export type ReponseExport = { readonly vue: VueExport } | { readonly rejouee: Uint8Array };

export interface CreateExport {
  readonly acteur: Acteur;
  readonly saisie: SaisieExport;
  readonly idempotence?: CleExport | undefined;
}

type Needs = { exports: Pick<ExportStore, 'create'>; journal: Pick<Journal, 'rejouer'>; annuaire: Pick<Annuaire, 'etablissement' | 'nommer'>; clock: Horloge; /** Called after the commit. */ onCreation: () => void };

/** Audited beside the act itself when names, phones and addresses leave. */
export const DONNEES_PERSONNELLES = 'export.donnees_personnelles';

/** The audit rows of an act on an export. */
export const actesDe = (acteur: Acteur, action: string, { include_personal_data: personnelles }: { include_personal_data: boolean }): Acte[] =>
  [action, ...(personnelles ? [DONNEES_PERSONNELLES] : [])].map((nom) => ({ acteur, action: nom }));

/**
 * Asks for an export of the fiches of the admin's établissement; it is made afterwards.
 * @throws AppError invalid `export.invalide` with every faulty field; forbidden by role
 */
export function createCreateExport({ exports, journal, annuaire, clock, onCreation }: Needs) {
  return async ({ acteur, saisie, idempotence }: CreateExport): Promise<ReponseExport> => {
    exigerGeste(acteur, 'export.creer');
    const premiere = idempotence && (await journal.rejouer({ ...idempotence, acteurId: acteur.id }));
    if (premiere) return { rejouee: premiere };
    const { fuseau } = await annuaire.etablissement(acteur.etablissementId);
    const demande = lireDemandeExport(saisie, jourEtHeure(clock(), fuseau).jour);
    const noms = await annuaire.nommer([acteur.id]);
    const creation = await exports.create(
      { ...demande, genre: 'fiches', etablissement_id: acteur.etablissementId, created_by: acteur.id },
      { actes: actesDe(acteur, 'export.creer', demande), idempotence: idempotence && { ...idempotence, acteurId: acteur.id, ecrire: (job) => idempotence.ecrire(vueExport(job, noms)) } },
    );
    if ('rejouee' in creation) return creation;
    onCreation();
    return { vue: vueExport('cree' in creation ? creation.cree : creation.existant, noms) };
  };
}
