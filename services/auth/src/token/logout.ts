import type { Acteur } from '@mediai/kit/acteur';
import { invalid } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import { acteDe } from '../audit/acte.ts';
import { required } from '../form/field.ts';
import { hashRefreshToken } from './refresh-token.ts';
import type { SessionStore } from './session-store.ts';

type Needs = { sessions: Pick<SessionStore, 'find' | 'revoke'>; clock: () => Date };

/** Revokes the family of a refresh token of the actor's own; throws `invalid` when it is missing, not valid or another's. */
export function createLogout({ sessions, clock }: Needs) {
  return async (acteur: Acteur, refresh: string): Promise<void> => {
    exiger(acteur, 'session.fermer');
    if (refresh === '') throw invalid({ refresh: [required] }, 'auth.refresh_manquant');
    const at = clock();
    const found = await sessions.find(hashRefreshToken(refresh), at);
    if (!found || found.verdict === 'refused' || found.holder.id !== acteur.id) {
      throw invalid({ refresh: ['Ce jeton est invalide ou expiré.'] }, 'auth.refresh_invalide');
    }
    const acte = acteDe(acteur, { action: 'compte.deconnexion', objetType: 'refresh_family', objetId: found.familyId, etablissementId: found.holder.etablissementId });
    await sessions.revoke(found.familyId, 'deconnexion', at, acte);
  };
}
