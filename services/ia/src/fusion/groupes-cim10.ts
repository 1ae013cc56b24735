/**
 * Clinical groups over ICD-10 (WHO, 10th revision): a code is rolled up to its three characters; blocks whose categories
 * voices use for one and the same question are one group.
 */
const GROUPES: readonly { de: string; a: string; libelle: string }[] = [
  { de: 'A15', a: 'A19', libelle: 'Tuberculose' },
  { de: 'B50', a: 'B54', libelle: 'Paludisme' },
  { de: 'I20', a: 'I24', libelle: 'Syndrome coronarien' },
  { de: 'J12', a: 'J18', libelle: 'Pneumonie' },
];

/**
 * The group of a code.
 * @param code ICD-10, with or without what follows the point
 * @returns `cle`: `B50-B54` or the three characters; `libelle` only for a group made by hand
 */
export function groupeCim10(code: string): { cle: string; libelle?: string } {
  const trois = code.slice(0, 3).toUpperCase();
  const groupe = GROUPES.find(({ de, a }) => trois >= de && trois <= a);
  return groupe ? { cle: `${groupe.de}-${groupe.a}`, libelle: groupe.libelle } : { cle: trois };
}

/**
 * What must not be missed, the most dangerous first: conditions whose missed diagnosis kills or maims within hours or
 * days (vascular events and infections of the "Big Three", Newman-Toker et al., Diagnosis 2019;6(3):227-240; WHO
 * Integrated Management guidelines for haemorrhagic fever, cholera, meningitis and severe malaria; obstetric
 * emergencies of WHO "Managing complications in pregnancy and childbirth", 2nd ed., 2017).
 */
const A_NE_PAS_MANQUER: readonly (readonly [de: string, a: string])[] = [
  ['A95', 'A99'], // haemorrhagic fevers
  ['G00', 'G03'], // meningitis
  ['A39', 'A41'], // meningococcal disease, sepsis
  ['T78', 'T78'], // anaphylaxis
  ['I20', 'I24'], // coronary syndrome
  ['I26', 'I26'], // pulmonary embolism
  ['I71', 'I71'], // aortic dissection
  ['I60', 'I64'], // stroke
  ['O00', 'O00'], // ectopic pregnancy
  ['O14', 'O15'], // pre-eclampsia, eclampsia
  ['O44', 'O46'], // antepartum haemorrhage
  ['O72', 'O72'], // postpartum haemorrhage
  ['A00', 'A00'], // cholera
  ['A33', 'A36'], // tetanus, diphtheria
  ['A80', 'A82'], // acute flaccid paralysis, rabies
  ['J93', 'J93'], // pneumothorax
  ['K35', 'K37'], // appendicitis
  ['K56', 'K56'], // obstruction
  ['K65', 'K65'], // peritonitis
  ['N44', 'N44'], // torsion of testis
  ['E10', 'E14'], // diabetes (ketoacidosis)
  ['B50', 'B54'], // malaria
  ['J12', 'J18'], // pneumonia
  ['A15', 'A19'], // tuberculosis
  ['X60', 'X84'], // self-harm
  ['F32', 'F33'], // depression
];

/**
 * How dangerous it is to miss a group.
 * @param cle key of `groupeCim10`
 * @returns the higher the more dangerous; 0 when it is not in the table
 */
export function danger(cle: string): number {
  const trois = cle.slice(0, 3);
  const rang = A_NE_PAS_MANQUER.findIndex(([de, a]) => trois >= de && trois <= a);
  return rang === -1 ? 0 : A_NE_PAS_MANQUER.length - rang;
}
