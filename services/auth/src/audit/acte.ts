/** One line of the audit: who did what to what, with which outcome. Never a clinical or typed text. */
export type Acte = {
  /** Null for a service, or when nobody is known. */
  acteurId: number | null;
  acteurRole: 'patient' | 'medecin' | 'service' | 'anonyme';
  action: string;
  objetType: 'users' | 'etablissement' | 'refresh_family' | 'signing_key';
  objetId: string;
  etablissementId: number | null;
  /** Network address of the client, when known. */
  adresse?: string;
  issue: 'ok' | 'refus' | 'echec';
  raison?: string;
};
