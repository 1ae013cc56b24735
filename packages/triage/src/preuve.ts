/** How sure a finding is: 0 absent, 1 doubtful (asks), 2 stated or measured; where it was read; and what was read there. */
export type Preuve = { force: 0 | 1 | 2; champs: string[]; valeur: string | null };

export const RIEN: Preuve = { force: 0, champs: [], valeur: null };

/** A measured value or a positive tick. */
export function fait(champ: string, valeur: string): Preuve {
  return { force: 2, champs: [champ], valeur };
}

/** Excerpts shown for one sign; the fields are all named. */
const EXTRAITS_MAX = 3;

function joindre(preuves: Preuve[]): Pick<Preuve, 'champs' | 'valeur'> {
  const valeurs = [...new Set(preuves.map((p) => p.valeur).filter((v) => v !== null))];
  const valeur = valeurs.slice(0, EXTRAITS_MAX).join(' ; ') + (valeurs.length > EXTRAITS_MAX ? ' ; …' : '');
  return { champs: [...new Set(preuves.flatMap((p) => p.champs))], valeur: valeur || null };
}

/** At least one of these: as sure as the surest. */
export function ou(...preuves: Preuve[]): Preuve {
  return unDes(preuves);
}

/** `ou` of a list of any length. */
export function unDes(preuves: Preuve[]): Preuve {
  const force = preuves.reduce<Preuve['force']>((max, p) => (p.force > max ? p.force : max), 0);
  return force === 0 ? RIEN : { force, ...joindre(preuves.filter((p) => p.force === force)) };
}

/** All of these: as doubtful as the most doubtful. */
export function et(...preuves: Preuve[]): Preuve {
  const force = Math.min(...preuves.map((p) => p.force)) as Preuve['force'];
  return force === 0 ? RIEN : { force, ...joindre(preuves) };
}

/** The same evidence only where a condition on the patient holds. */
export function quand(condition: boolean, preuve: Preuve): Preuve {
  return condition ? preuve : RIEN;
}

/** At most doubtful. */
export function douteux(preuve: Preuve): Preuve {
  return preuve.force === 2 ? { ...preuve, force: 1 } : preuve;
}
