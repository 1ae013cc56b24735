import { describe, expect, test } from '@jest/globals';
import { verifierPlausibilite } from './plausibilite.ts';

const maintenant = new Date('2026-11-24T10:00:00Z');
const adulte = '1990-01-01';

/** A line of the signed table: first tier `min`-`max`, second tier `bas`-`haut`, in steps of what is measured. */
interface Ligne {
  champ: string;
  min: number;
  max: number;
  bas: number;
  haut: number;
  pas: number;
  zeroManque: boolean;
  /** Units of elsewhere, and what a hand may write: all refused. */
  refuses: readonly unknown[];
  /** What clients send, and what is stored of it. */
  lus: readonly (readonly [unknown, number])[];
}

const TABLE: readonly Ligne[] = [
  { champ: 'temperature', min: 25, max: 45, bas: 34, haut: 42, pas: 0.1, zeroManque: false, refuses: [386, 101.8, '101,8', '101.8 °F', '101 F', 'chaud', true, {}, [], NaN, Infinity], lus: [['38,5', 38.5], ['38.5', 38.5], ['38,5 °C', 38.5], ['38°5', 38.5], [38.5, 38.5]] },
  { champ: 'spo2', min: 0, max: 100, bas: 70, haut: 100, pas: 1, zeroManque: true, refuses: [101, -1, 975, '97.5.1', 'bonne', false, NaN], lus: [[97.5, 98], ['97,5', 98], [97.4, 97], ['97 %', 97], [100, 100]] },
  { champ: 'pouls', min: 0, max: 350, bas: 30, haut: 220, pas: 1, zeroManque: true, refuses: [351, -1, '80 90', 'rapide', {}, NaN], lus: [['80', 80], ['80,4', 80], ['80 bpm', 80], [88.6, 89]] },
  { champ: 'frequence_respiratoire', min: 0, max: 120, bas: 6, haut: 60, pas: 1, zeroManque: true, refuses: [121, -1, '18-20', 'calme', [], NaN], lus: [['18', 18], ['18,2', 18], ['18/min', 18], [17.5, 18]] },
  { champ: 'poids', min: 0.4, max: 700, bas: 0.4, haut: 700, pas: 0.1, zeroManque: false, refuses: [3250, '3250 g', '140 lb', 'lourd', true, NaN], lus: [['62,5', 62.5], ['62,5 kg', 62.5], [62.5, 62.5]] },
];

const juger = (champ: string, valeur: unknown, date_naissance: string | null = champ === 'poids' ? null : adulte) => verifierPlausibilite({ [champ]: valeur, date_naissance }, { maintenant });
const rond = (n: number): number => Math.round(n * 10) / 10;
const expectAccepte = (champ: string, valeur: unknown, garde: unknown) => expect(juger(champ, valeur)).toEqual({ refus: [], aVerifier: [], normalise: { [champ]: garde } });
const expectMarque = (champ: string, valeur: unknown, garde: unknown) => expect(juger(champ, valeur)).toEqual({ refus: [], aVerifier: [expect.objectContaining({ champ, motif: expect.any(String) })], normalise: { [champ]: garde } });
const expectRefuse = (champ: string, valeur: unknown) => expect(juger(champ, valeur)).toEqual({ refus: [{ champ, message: expect.stringMatching(/attendu.*\(exemple : .*\)\.$/) }], aVerifier: [], normalise: {} });

describe.each(TABLE.map((ligne) => [ligne.champ, ligne] as const))('%s', (champ, { min, max, bas, haut, pas, zeroManque, refuses, lus }) => {
  test.each([['lowest', min], ['highest', max]])('the %s possible value, %p, is kept', (_, valeur) => {
    if (valeur === 0) return expect(juger(champ, 0).normalise).toEqual({ [champ]: zeroManque ? null : 0 });
    return expect(juger(champ, valeur)).toMatchObject({ refus: [], normalise: { [champ]: valeur } });
  });

  test('just inside the possible values it is kept and, where they are improbable, marked', () => {
    for (const valeur of [rond(min + pas), rond(max - pas)]) {
      if (valeur < bas || valeur > haut) expectMarque(champ, valeur, valeur);
      else expectAccepte(champ, valeur, valeur);
    }
  });

  test('just outside the possible values it is refused, as a number and as text', () => {
    for (const valeur of [rond(min - pas), rond(max + pas)]) for (const ecrit of [valeur, String(valeur), String(valeur).replace('.', ',')]) expectRefuse(champ, ecrit);
  });

  test('at the ends of the probable values it is not marked, just outside it is', () => {
    for (const valeur of [bas, haut]) expectAccepte(champ, valeur, valeur);
    if (bas > min) expectMarque(champ, rond(bas - pas), rond(bas - pas));
    if (haut < max) expectMarque(champ, rond(haut + pas), rond(haut + pas));
  });

  test('0 is missing where nobody alive has it, else it is refused', () => {
    for (const zero of [0, -0, '0', '0,0']) (zeroManque ? (valeur: unknown) => expectAccepte(champ, valeur, null) : (valeur: unknown) => expectRefuse(champ, valeur))(zero);
  });

  test('missing is null, and what was not sent is not there', () => {
    for (const rien of [null, '', '  ']) expectAccepte(champ, rien, null);
    expect(juger(champ, undefined)).toEqual({ refus: [], aVerifier: [], normalise: {} });
  });

  test.each(refuses.map((valeur) => [valeur]))('%p is refused by name', (valeur) => expectRefuse(champ, valeur));
  test.each(lus)('%p is read as %p', (valeur, garde) => expectAccepte(champ, valeur, garde));
});

describe('frequence_respiratoire by age', () => {
  test.each([['2014-11-25', false], ['2014-11-24', true], ['2026-11-01', false], [null, true]])('of who was born %p: 61 and 5 are marked: %p', (naissance, marquee) => {
    for (const valeur of [61, 5]) expect(juger('frequence_respiratoire', valeur, naissance).aVerifier).toHaveLength(marquee ? 1 : 0);
    for (const valeur of [60, 6]) expect(juger('frequence_respiratoire', valeur, naissance).aVerifier).toEqual([]);
  });
});

describe('tension_arterielle', () => {
  test.each(['60/45', '260/160', '160/30', '100/85', '90/60', '120/80', ' 120 / 80 mmHg'])('%s is kept', (valeur) => expectAccepte('tension_arterielle', valeur, valeur.replaceAll(/[^\d/]/g, '')));
  test.each(['59/40', '261/160', '160/29', '260/161', '100/86', '31/16'])('%s is kept and marked', (valeur) => expectMarque('tension_arterielle', valeur, valeur));
  test.each(['80/120', '120/120', '120', '120/', '/80', '120-80-60', '120/80/60', 'normale', 'N/A', 120, 12.8, true, {}, ['120/80'], '0/0', '-120/80'])('%p is refused: not systolic over a lower diastolic', (valeur) => expectRefuse('tension_arterielle', valeur));
  test.each([['16/11', '160/110'], ['12/8', '120/80'], ['12,5/8', '125/80'], ['26/16', '260/160'], ['12/8 cmHg', '120/80']])('%s in cmHg becomes %s, is marked and told', (valeur, garde) => {
    const { refus, aVerifier, normalise } = juger('tension_arterielle', valeur);
    expect([refus, normalise]).toEqual([[], { tension_arterielle: garde }]);
    expect(aVerifier).toEqual([{ champ: 'tension_arterielle', valeur, motif: expect.stringContaining(garde) }]);
  });
  test('both numbers must be 30 at most to be read as cmHg', () => {
    expect(juger('tension_arterielle', '30/20').normalise).toEqual({ tension_arterielle: '300/200' });
    expect(juger('tension_arterielle', '31/20').normalise).toEqual({ tension_arterielle: '31/20' });
    expect(juger('tension_arterielle', '300/20').normalise).toEqual({ tension_arterielle: '300/20' });
  });
  test('missing is null', () => {
    for (const rien of [null, '', '  ']) expectAccepte('tension_arterielle', rien, null);
  });
});

describe('poids by age', () => {
  test.each([[3.3, '2026-11-23', false], [62, adulte, false], [30, '2026-11-01', true], [2, adulte, true], [60, '2024-11-01', true], [30, null, false]])('%p kg of who was born %p is marked: %p', (poids, naissance, marquee) => {
    expect(juger('poids', poids, naissance)).toEqual({ refus: [], aVerifier: marquee ? [expect.objectContaining({ champ: 'poids' })] : [], normalise: { poids } });
  });
});
