import { isDeepStrictEqual } from 'node:util';
import type { Acteur } from '@mediai/kit/acteur';
import { AppError } from '@mediai/kit/errors';
import { exiger, introuvable } from '../acces/acces.ts';
import { acteDe, type Acte } from '../audit/acte.ts';
import type { Idempotence, Once } from '../idempotence/idempotence.ts';
import { readEtablissementForm, type EtablissementForm } from './etablissement-form.ts';
import type { EtablissementStore } from './etablissement-store.ts';
import { defaultEtablissementId, defaultFuseau, type ConsentementIa, type Etablissement } from './etablissement.ts';

type CreateNeeds = { etablissements: Pick<EtablissementStore, 'create'>; isDemo: boolean; /** Where the client does not say. */ consentementIa: ConsentementIa };

/** A superuser makes an établissement. Throws `forbidden`, `invalid` (`etablissement.invalide`) naming every faulty field. */
export function createCreateEtablissement({ etablissements, isDemo, consentementIa }: CreateNeeds) {
  return async (acteur: Acteur, form: EtablissementForm, idempotence?: Idempotence<Etablissement>): Promise<Once<Etablissement>> => {
    exiger(acteur, 'etablissement.creer');
    const written = readEtablissementForm(form, true);
    const settings = { nom: '', telephoneUrgence: null, fuseau: defaultFuseau, consentementIa, textes: {}, ...written, demo: isDemo };
    return etablissements.create(settings, ({ id }) => acte(acteur, 'etablissement.creation', id), idempotence);
  };
}

/** A superuser changes an établissement, an admin their own. Returns it as it then is. Throws `forbidden`, `not_found`, `invalid`. */
export function createUpdateEtablissement({ etablissements }: { etablissements: Pick<EtablissementStore, 'change'> }) {
  return async (acteur: Acteur, id: number, form: EtablissementForm): Promise<Etablissement> => {
    exiger(acteur, 'etablissement.modifier', { etablissementId: id });
    const written = readEtablissementForm(form, false);
    const changed = await etablissements.change(id, (present) => {
      const etablissement = { ...present, ...written };
      return isDeepStrictEqual(etablissement, present) ? null : { etablissement, acte: acte(acteur, 'etablissement.modification', id) };
    });
    if (!changed) throw introuvable('etablissement.modifier');
    return changed;
  };
}

/**
 * A superuser deletes an établissement to which nobody belongs; what it was stays for the dossiers that name it. Throws
 * `forbidden`, `not_found`, `conflict` (`etablissement.utilise`) while an account belongs to it, and always for the default one.
 */
export function createDeleteEtablissement({ etablissements, clock }: { etablissements: Pick<EtablissementStore, 'delete'>; clock: () => Date }) {
  return async (acteur: Acteur, id: number): Promise<void> => {
    exiger(acteur, 'etablissement.supprimer');
    if (id === defaultEtablissementId) throw new AppError('conflict', 'etablissement.utilise', "L'établissement par défaut ne peut être supprimé.");
    const outcome = await etablissements.delete(id, clock(), acte(acteur, 'etablissement.suppression', id));
    if (outcome === 'utilise') throw new AppError('conflict', 'etablissement.utilise', 'Des comptes appartiennent encore à cet établissement.');
    if (outcome === 'introuvable') throw introuvable('etablissement.supprimer');
  };
}

function acte(acteur: Acteur, action: string, id: number): Acte {
  return acteDe(acteur, { action, objetType: 'etablissement', objetId: String(id), etablissementId: id });
}
