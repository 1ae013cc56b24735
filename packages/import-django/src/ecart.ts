/**
 * What did not fit: a whole row (`ligne`: it is not taken over) or one column of it (`colonne`: the row is, this value is
 * not, or not as it was). It names and gives reasons; it never holds a value.
 */
export type Ecart = {
  table: string;
  id: number;
  colonne: string | null;
  /** French, the same for every row with this fault. */
  raison: string;
  effet: 'ligne' | 'colonne';
};

/** A row of the original as it was read: days, times and instants as text. */
export type Ligne = Record<string, unknown>;

/** What is said of a row: what is to be written of it (null: nothing), and what did not fit. */
export type Jugement<N> = {
  id: number;
  nouvelle: N | null;
  ecarts: Ecart[];
  /** What was changed although it fitted, as constant sentences that are counted. */
  adaptations?: string[];
};
