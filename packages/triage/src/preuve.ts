/** How sure a finding is: 0 absent, 1 doubtful (asks), 2 stated or measured; where it was read; and what was read there. */
export type Preuve = { force: 0 | 1 | 2; champs: string[]; valeur: string | null };

export const RIEN: Preuve = { force: 0, champs: [], valeur: null };

/** A measured value or a positive tick. */
export function fait(champ: string, valeur: string): Preuve {
  return { force: 2, champs: [champ], valeur };
}

const joindre = (preuves: Preuve[]): Pick<Preuve, 'champs' | 'valeur'> => ({
  champs: [...new Set(preuves.flatMap((p) => p.champs))],
  valeur: [...new Set(preuves.map((p) => p.valeur).filter((v) => v !== null))].join(' ; ') || null,
});

/** At least one of these: as sure as the surest. */
export function ou(...preuves: Preuve[]): Preuve {
  const force = Math.max(0, ...preuves.map((p) => p.force)) as Preuve['force'];
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
