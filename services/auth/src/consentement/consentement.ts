/** What can be agreed to. */
export const finalites = ['analyse_ia'] as const;
export type Finalite = (typeof finalites)[number];

/** What a person agreed to, and until when. Withdrawn without having been given it is an objection: `accordeLe` is null. */
export type Consentement = { id: number; finalite: Finalite; version: string; accordeLe: Date | null; retireLe: Date | null };

export type EtatConsentement = { etat: 'absent' } | { etat: 'accorde'; version: string } | { etat: 'retire' };

/** The state that a person's rows for one purpose make: the one that holds, else whether there ever was one. */
export function etatDe(rows: Consentement[]): EtatConsentement {
  const held = rows.find(({ retireLe }) => retireLe === null);
  if (held) return { etat: 'accorde', version: held.version };
  return rows.length === 0 ? { etat: 'absent' } : { etat: 'retire' };
}
