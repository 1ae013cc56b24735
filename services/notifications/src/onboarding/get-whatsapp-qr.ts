import type { Acteur } from '@mediai/kit/acteur';
import { exiger } from '../acces/acces.ts';
import type { Invitation } from './onboarding.ts';

export type GetWhatsappQr = ReturnType<typeof createGetWhatsappQr>;

/** What a QR code that opens the conversation holds, for any account. @throws AppError forbidden */
export function createGetWhatsappQr({ invitation }: { invitation: Invitation }) {
  return (acteur: Acteur): Invitation => {
    exiger(acteur, 'lire_invitation');
    return invitation;
  };
}
