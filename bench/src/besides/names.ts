/** The six processes that are ours; PostgreSQL, Kafka and Redis are parts. */
export const serviceNames = ['gateway', 'auth', 'consultation', 'ia', 'appointments', 'notifications'] as const;
export const partNames = ['postgres', 'kafka', 'redis'] as const;

/** The pid of one of them. Throws where it does not run. */
export function pidOf(pids: Record<string, number>, name: string): number {
  const pid = pids[name];
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}
