/** Why a text is no JSON object that one reader could understand otherwise than another. */
export type FauteJson = 'json_illisible' | 'cle_double';

/**
 * Read a text as exactly one JSON value (RFC 8259): nothing after it, and no object with the same key twice, which
 * readers are free to understand differently (RFC 8259, section 4).
 *
 * @returns the value, or the fault
 */
export function lireJsonStrict(texte: string): { valeur: unknown } | { faute: FauteJson } {
  let valeur: unknown;
  try {
    valeur = JSON.parse(texte);
  } catch {
    return { faute: 'json_illisible' };
  }
  return aCleDouble(texte) ? { faute: 'cle_double' } : { valeur };
}

const JETON = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gu;

/** `texte` is known to be valid JSON: only strings and punctuation need to be told apart. */
function aCleDouble(texte: string): boolean {
  const objets: (Set<string> | null)[] = [];
  let attendCle = false;
  for (const [jeton] of texte.matchAll(JETON)) {
    const objet = objets.at(-1);
    if (jeton === '{' || jeton === '[') objets.push(jeton === '{' ? new Set() : null);
    else if (jeton === '}' || jeton === ']') objets.pop();
    else if (attendCle && objet && jeton.startsWith('"')) {
      const cle = JSON.parse(jeton) as string;
      if (objet.has(cle)) return true;
      objet.add(cle);
    }
    attendCle = jeton === '{' || (jeton === ',' && objets.at(-1) instanceof Set);
  }
  return false;
}
