export type ConsentementIa = 'presume' | 'explicite';

/** Where a person is cared for. */
export type Etablissement = {
  id: number;
  nom: string;
  /** Emergency number shown to patients. */
  telephoneUrgence: string | null;
  /** IANA time zone. */
  fuseau: string;
  consentementIa: ConsentementIa;
  /** Made for a demonstration or a test. */
  demo: boolean;
  version: number;
};

/** The one that public registration joins. */
export const defaultEtablissementId = 1;
