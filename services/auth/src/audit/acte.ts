import type { Acteur } from '@mediai/kit/acteur';

/** One line of the audit: who did what to what, with which outcome. Never a clinical or typed text. */
export type Acte = {
  /** Null for a service, or when nobody is known. */
  acteurId: number | null;
  acteurRole: 'patient' | 'medecin' | 'service' | 'anonyme';
  action: string;
  objetType: 'users' | 'etablissement' | 'consentement' | 'refresh_family' | 'signing_key';
  objetId: string;
  etablissementId: number | null;
  /** Network address of the client, when known. */
  adresse?: string;
  issue: 'ok' | 'refus' | 'echec';
  raison?: string;
};

/** A line about what somebody did. */
export function acteDe(acteur: Pick<Acteur, 'id' | 'role'>, acte: Pick<Acte, 'action' | 'objetType' | 'objetId' | 'etablissementId' | 'raison'>): Acte {
  return { ...acte, acteurId: acteur.role === 'service' ? null : acteur.id, acteurRole: acteur.role, issue: 'ok' };
}
