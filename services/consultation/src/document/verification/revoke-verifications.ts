import type { Cle, Journal } from '../../acces/journal.ts';
import type { Lecture, OpenFiche } from '../../fiche/open-fiche.ts';
import type { Horloge } from '../../fiche/ports.ts';
import type { VerificationStore } from './verification.ts';

export interface RevokeVerifications extends Lecture {
  readonly idempotence?: (Omit<Cle, 'acteurId'> & { readonly ecrire: (revoques: number) => Uint8Array }) | undefined;
}

type Needs = { verifications: Pick<VerificationStore, 'revoquer'>; openFiche: OpenFiche; journal: Pick<Journal, 'rejouer'>; clock: Horloge };

/**
 * Revokes every document printed of a fiche so far; one printed afterwards carries a new code.
 * @returns how many codes stood for something until now
 * @throws AppError forbidden, not_found
 */
export function createRevokeVerifications({ verifications, openFiche, journal, clock }: Needs) {
  return async (demande: RevokeVerifications): Promise<{ revoques: number } | { rejouee: Uint8Array }> => {
    const { fiche, acte } = await openFiche('revoquer_documents', demande);
    const idempotence = demande.idempotence && { ...demande.idempotence, acteurId: demande.acteur.id };
    const rejouee = idempotence && (await journal.rejouer(idempotence));
    return rejouee ? { rejouee } : verifications.revoquer(fiche, clock(), acte, idempotence);
  };
}
