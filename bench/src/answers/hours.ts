/** Gives an hour of its own to each appointment, years ahead of those of others. Instants are ISO 8601. */
export function createHours(): () => { start: string; end: string } {
  let hours = Math.ceil(Date.now() / 3_600_000) + 24 * 3_650 + Math.floor(Math.random() * 100_000);
  return () => {
    const start = (hours += 2) * 3_600_000;
    return { start: new Date(start).toISOString(), end: new Date(start + 1_800_000).toISOString() };
  };
}
