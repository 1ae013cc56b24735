/** One exported value; a day is `YYYY-MM-DD`, an instant a Date. */
export type Valeur = string | number | boolean | Date | null;
export type TypeColonne = 'string' | 'int' | 'float' | 'bool' | 'date' | 'timestamp';

/** A column of an exported table. */
export interface Colonne {
  readonly nom: string;
  readonly type: TypeColonne;
}

/** Rows, a batch at a time; values in the order of the columns. */
export type Lots = AsyncIterable<readonly (readonly Valeur[])[]>;

/**
 * Writes a table as a file, a piece at a time: however many rows there are, a few batches are in memory at once.
 * @param total how many rows `lots` holds
 */
export type EcrireTable = (colonnes: readonly Colonne[], lots: Lots, total: number) => AsyncIterable<Uint8Array>;

/** A value as text where the format knows texts only. */
export function enTexte(valeur: Valeur): string {
  if (valeur === null) return '';
  return valeur instanceof Date ? valeur.toISOString() : String(valeur);
}
