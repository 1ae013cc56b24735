import type { Acteur } from '@mediai/kit/acteur';
import { exigerGeste } from '../acces/gestes.ts';
import type { Cle, Journal } from '../acces/journal.ts';
import type { Annuaire } from '../fiche/ports.ts';
import { dejaDemande, lireMotif } from './effacement.ts';
import type { EffacementStore } from './ports.ts';
import { vueEffacement, type VueEffacement } from './vue-effacement.ts';

/** An Idempotency-Key as the edge gives it: it knows how an answer is written. */
export type CleEffacement = Omit<Cle, 'acteurId'> & { readonly ecrire: (vue: VueEffacement) => Uint8Array };

type Needs = { effacements: Pick<EffacementStore, 'create'>; journal: Pick<Journal, 'rejouer'>; annuaire: Pick<Annuaire, 'nommer'> };

/**
 * Asks that all that is kept of the actor be erased; an admin of their établissement decides.
 * @throws AppError exists `effacement.deja_demande` while one is open, invalid `effacement.invalide`
 */
export function createCreateEffacement({ effacements, journal, annuaire }: Needs) {
  return async ({ acteur, motif, idempotence }: { acteur: Acteur; motif: string | undefined; idempotence?: CleEffacement | undefined }): Promise<{ vue: VueEffacement } | { rejouee: Uint8Array }> => {
    exigerGeste(acteur, 'effacement.demander');
    const premiere = idempotence && (await journal.rejouer({ ...idempotence, acteurId: acteur.id }));
    if (premiere) return { rejouee: premiere };
    const noms = await annuaire.nommer([acteur.id]);
    const creation = await effacements.create(
      { user_id: acteur.id, etablissement_id: acteur.etablissementId, motif: lireMotif(motif, { requis: false }) },
      { acte: { acteur, action: 'effacement.demander' }, idempotence: idempotence && { ...idempotence, acteurId: acteur.id, ecrire: (demande) => idempotence.ecrire(vueEffacement(demande, noms)) } },
    );
    if (creation === 'ouverte') throw dejaDemande();
    return 'rejouee' in creation ? creation : { vue: vueEffacement(creation.cree, noms) };
  };
}
