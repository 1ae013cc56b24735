/** The six processes that are ours; PostgreSQL, Kafka and Redis are parts. */
export const serviceNames = ['gateway', 'auth', 'consultation', 'ia', 'appointments', 'notifications'] as const;
export const partNames = ['postgres', 'kafka', 'redis'] as const;

/** What some of them have. Throws where one does not run. */
export function only<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(names.map((name) => {
    const one = all[name];
    if (one === undefined) throw new Error(`${name} does not run`);
    return [name, one];
  }));
}

export const sum = (values: Iterable<number>): number => [...values].reduce((all, one) => all + one, 0);
