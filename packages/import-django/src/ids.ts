/** The highest id that is taken over: new ids begin above it, and there must be room. */
export const maxId = 100_000_000;

/** Whether a row with this id can be taken over. */
export const isIdInBounds = (id: unknown): boolean => typeof id === 'number' && id > 0 && id <= maxId;
