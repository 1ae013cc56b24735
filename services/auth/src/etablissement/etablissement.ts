export type ConsentementIa = 'presume' | 'explicite';

/** Where a person is cared for. */
export type Etablissement = {
  id: number;
  nom: string;
  /** Emergency number shown to patients: E.164, or a short one such as 112. */
  telephoneUrgence: string | null;
  /** IANA time zone. */
  fuseau: string;
  consentementIa: ConsentementIa;
  /** Texts of its own, by name. */
  textes: Record<string, string>;
  /** Made for a demonstration or a test. */
  demo: boolean;
  /** Rises with every change. */
  version: number;
};

/** What an établissement is made of. */
export type EtablissementSettings = Omit<Etablissement, 'id' | 'version' | 'demo'>;

/** The one that public registration joins. */
export const defaultEtablissementId = 1;

/** What it is called until somebody names it. */
export const defaultNom = 'Établissement par défaut';

/** Zone of an établissement that says none. */
export const defaultFuseau = 'Africa/Lubumbashi';
