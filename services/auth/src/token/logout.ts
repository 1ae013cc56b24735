import type { Acteur } from '@mediai/kit/acteur';
import { invalid } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import { acteDe } from '../audit/acte.ts';
import { required } from '../form/field.ts';
import type { Idempotence, Once } from '../idempotence/idempotence.ts';
import type { CloseSessionStore } from './close-session-store.ts';
import { hashRefreshToken } from './refresh-token.ts';

type Needs = { sessions: CloseSessionStore; clock: () => Date };

/** Revokes the family of a refresh token of the actor's own; throws `invalid` when it is missing, not valid or another's. */
export function createLogout({ sessions, clock }: Needs) {
  return async (acteur: Acteur, refresh: string, idempotence?: Idempotence<void>): Promise<Once<void>> => {
    exiger(acteur, 'session.fermer');
    if (refresh === '') throw invalid({ refresh: [required] }, 'auth.refresh_manquant');
    return sessions.close(hashRefreshToken(refresh), clock(), (found) => {
      if (!found || found.verdict === 'refused' || found.holder.id !== acteur.id) throw invalid({ refresh: ['Ce jeton est invalide ou expiré.'] }, 'auth.refresh_invalide');
      const { familyId, holder } = found;
      return { familyId, acte: acteDe(acteur, { action: 'compte.deconnexion', objetType: 'refresh_family', objetId: familyId, etablissementId: holder.etablissementId }) };
    }, idempotence);
  };
}
