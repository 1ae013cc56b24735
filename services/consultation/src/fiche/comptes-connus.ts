/** Below this many fiches a list is counted each time: that costs less than a tenth of a millisecond. */
const COMPTE_SANS_ATTENDRE = 1_000;
const GARDE_MS = 10_000;
const MAX_LISTES = 500;

/**
 * Counts of long lists, kept for ten seconds by what was asked for: to count thousands of rows costs more than to read a
 * page of them, and the more the larger the table. A short list is counted anew each time, so that who adds a fiche
 * finds it counted. Who asks while a count is under way waits for that one.
 */
export function createComptesConnus(compter: (texte: string, valeurs: readonly unknown[]) => Promise<number>, maintenant: () => number = Date.now) {
  const connus = new Map<string, { lus: number; jusquaMs: number }>();
  const enCours = new Map<string, Promise<number>>();

  async function lire(cle: string, texte: string, valeurs: readonly unknown[]): Promise<number> {
    const lus = await compter(texte, valeurs);
    if (lus >= COMPTE_SANS_ATTENDRE) {
      if (connus.size >= MAX_LISTES) connus.clear();
      connus.set(cle, { lus, jusquaMs: maintenant() + GARDE_MS });
    }
    return lus;
  }

  return async ({ texte, valeurs }: { texte: string; valeurs: readonly unknown[] }): Promise<number> => {
    const cle = JSON.stringify([valeurs, texte]);
    const connu = connus.get(cle);
    if (connu && maintenant() < connu.jusquaMs) return connu.lus;
    if (!connu) return lire(cle, texte, valeurs);
    const attendu = enCours.get(cle) ?? lire(cle, texte, valeurs).finally(() => enCours.delete(cle));
    enCours.set(cle, attendu);
    return attendu;
  };
}
