/** The form of one line of the table in `champs.ts`. */
export type Choix = readonly { readonly valeur: string; readonly libelle: string }[];

export type TypeChamp = 'texte' | 'entier' | 'decimal' | 'booleen' | 'date' | 'choix';

/** Sections of the paper fiche, in reading order; the clinical summary and the PDF follow them. */
export const SECTIONS = {
  identite: 'Identité',
  signes_vitaux: 'Signes vitaux',
  accompagnement: 'Fiche remplie par',
  anamnese: 'Anamnèse',
  traitements_pris: 'Médicaments déjà pris',
  plaintes: 'Plaintes associées',
  antecedents: 'Antécédents personnels',
  mode_de_vie: 'Mode de vie',
  allergies: 'Allergies',
  antecedents_familiaux: 'Antécédents familiaux',
  traumatismes: 'Évènements de vie',
  examen_general: 'Examen général',
  examen_par_region: 'Examen par région',
  attentes: 'Préoccupations et attentes',
  hypotheses: 'Hypothèses et analyses proposées',
  divers: 'Divers',
} as const;

export type Section = keyof typeof SECTIONS;

/**
 * One field of a fiche de consultation that a client may write.
 *
 * - `nom`: name in JSON, SQL and proto (snake_case, the contract's word).
 * - `numero`: proto field number, never reused; clients' fields are 1-199, the system's 200 and above.
 * - `max`: longest text in characters, after trimming nothing.
 * - `requis`: must be present and not empty when a fiche is created.
 * - `nullable`: may be null; `""` is read as null there.
 * - `defaut`: value when absent at creation.
 * - `court`: stored in a bounded column; long texts are unbounded columns with `max` checked by the rule.
 * - `identite`: identifies a person; never leaves the house (no model, no log, no event).
 * - `telephone`: a phone of any country, typed in any notation; checked where it is stored, beside its E.164 form.
 * - `export`: the column of an export that it fills; a field without it is in no export.
 */
export interface Champ {
  readonly nom: string;
  readonly numero: number;
  readonly type: TypeChamp;
  readonly libelle: string;
  readonly section: Section;
  readonly max?: number;
  readonly court?: boolean;
  readonly requis?: boolean;
  readonly nullable?: boolean;
  readonly defaut?: string | boolean;
  readonly choix?: Choix;
  readonly unite?: string;
  readonly identite?: boolean;
  readonly telephone?: boolean;
  readonly export?: PlaceExport;
}

/**
 * Where a field stands in an export.
 *
 * - `rang`: order of the columns, from 1.
 * - `colonne`: name of the column; the field's own when absent. Fields of one column are joined by commas.
 * - `personnelle`: only in exports that may hold what identifies a person.
 * - `presence`: the column says only whether there is something.
 */
export interface PlaceExport {
  readonly rang: number;
  readonly colonne?: string;
  readonly personnelle?: boolean;
  readonly presence?: boolean;
}
