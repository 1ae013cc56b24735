/** Gathers the values of a statement while its text is written. */
export function createParams() {
  const values: unknown[] = [];
  return {
    values,
    /** The place of a value in the text, of a type of PostgreSQL's where it must be told. */
    add: (value: unknown, type?: string): string => `$${values.push(value)}${type ? `::${type}` : ''}`,
  };
}

export type Params = ReturnType<typeof createParams>;
