import { quiAgit, type Acteur } from '@mediai/kit/acteur';
import { invalid } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import { toE164 } from '../contact/phone.ts';
import { joinedForMs } from './onboarding.ts';
import type { JoignableStore } from './joignable-store.ts';

export type GetSandboxStatus = ReturnType<typeof createGetSandboxStatus>;

/**
 * Whether WhatsApp messages reach a phone: one came from it within 72 h, or one to it was delivered. People are told so
 * of their own phone (the account's, or that of a fiche of theirs), médecins and admins of those that their
 * établissement wrote to or heard from; of any other phone the answer is no, as for one that nobody knows.
 * @throws AppError forbidden, invalid (`phone`), unavailable
 */
export function createGetSandboxStatus({ joignables, clock }: { joignables: JoignableStore; clock: () => Date }) {
  return async (acteur: Acteur, phone: string): Promise<boolean> => {
    exiger(acteur, 'lire_invitation');
    const telephone = toE164(phone);
    if (telephone === undefined) throw invalid({ phone: ['Saisissez un numéro de téléphone valide, par exemple +243 81 234 5678.'] });
    const soigne = quiAgit(acteur) === 'admin' || (quiAgit(acteur) === 'medecin' && acteur.approuve);
    return joignables.estJoignable(telephone, { userId: acteur.id, etablissementId: soigne ? acteur.etablissementId : null, depuis: new Date(clock().getTime() - joinedForMs) });
  };
}
