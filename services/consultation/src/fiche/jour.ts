/** Zone of dossier numbers, whatever the établissement. */
export const FUSEAU_SUITE = 'Africa/Lubumbashi';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(fuseau: string): Intl.DateTimeFormat {
  const connu = formats.get(fuseau);
  if (connu) return connu;
  const nouveau = new Intl.DateTimeFormat('sv-SE', { timeZone: fuseau, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(fuseau, nouveau);
  return nouveau;
}

/**
 * Local day and time of an instant.
 * @param fuseau IANA zone
 * @returns `jour` `YYYY-MM-DD`, `heure` `HH:MM:SS`
 */
export function jourEtHeure(instant: Date, fuseau: string): { jour: string; heure: string } {
  const [jour = '', heure = ''] = format(fuseau).format(instant).split(' ');
  return { jour, heure };
}
