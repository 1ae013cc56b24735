import { describe, expect, test } from '@jest/globals';
import { verifierPlausibilite } from './plausibilite.ts';

const maintenant = new Date('2026-11-24T10:00:00Z');

describe('first tier: refused by name', () => {
  test.each<[string, unknown]>([
    ['temperature', 386], ['temperature', 101.8], ['temperature', 24.9], ['temperature', 45.1], ['temperature', 'chaud'], ['temperature', '101 F'], ['temperature', true], ['temperature', Number.NaN],
    ['spo2', -1], ['spo2', 101], ['spo2', 'n/a'], ['pouls', 351], ['pouls', '80 90'], ['frequence_respiratoire', 121], ['poids', 0.3], ['poids', 3250], ['poids', '140 lb'],
    ['tension_arterielle', '120'], ['tension_arterielle', '80/120'], ['tension_arterielle', '120/120'], ['tension_arterielle', 'normale'], ['tension_arterielle', '120/80/60'], ['tension_arterielle', 120],
  ])('%s %p', (champ, valeur) => {
    const r = verifierPlausibilite({ [champ]: valeur });
    expect(r.refus).toEqual([{ champ, message: expect.stringMatching(/\(exemple : /) }]);
    expect(r.normalise).toEqual({});
  });
});

describe('second tier: kept, marked, asked again', () => {
  test.each<[string, unknown, unknown]>([
    ['temperature', 33.9, 33.9], ['temperature', 42.1, 42.1], ['temperature', 25, 25], ['temperature', 45, 45], ['spo2', 69, 69], ['pouls', 29, 29], ['pouls', 221, 221], ['pouls', 350, 350],
    ['frequence_respiratoire', 5, 5], ['frequence_respiratoire', 61, 61], ['tension_arterielle', '59/31', '59/31'], ['tension_arterielle', '261/100', '261/100'], ['tension_arterielle', '100/29', '100/29'], ['tension_arterielle', '200/161', '200/161'], ['tension_arterielle', '100/86', '100/86'],
  ])('%s %p', (champ, valeur, garde) => {
    const r = verifierPlausibilite({ [champ]: valeur });
    expect(r).toEqual({ refus: [], aVerifier: [expect.objectContaining({ champ })], normalise: { [champ]: garde } });
  });
  test('a breathing rate of 65 is not unusual under 12', () => expect(verifierPlausibilite({ frequence_respiratoire: 65, date_naissance: '2026-01-01' }, { maintenant }).aVerifier).toEqual([]));
  test('cmHg becomes mmHg and the trace is kept', () => {
    expect(verifierPlausibilite({ tension_arterielle: '16/11' })).toEqual({ refus: [], aVerifier: [{ champ: 'tension_arterielle', valeur: '16/11', motif: expect.stringContaining('160/110') }], normalise: { tension_arterielle: '160/110' } });
    expect(verifierPlausibilite({ tension_arterielle: '12,5/8 cmHg' }).normalise).toEqual({ tension_arterielle: '125/80' });
  });
  test.each([[30, '2026-11-01'], [2, '1990-01-01'], [60, '2024-11-01'], [2.1, '2026-05-24']])('a weight of %p kg born %s', (poids, date_naissance) => {
    expect(verifierPlausibilite({ poids, date_naissance }, { maintenant }).aVerifier).toEqual([expect.objectContaining({ champ: 'poids' })]);
  });
  test.each([[3.3, '2026-11-23'], [62, '1990-01-01'], [10, '2025-11-01'], [18, '2021-11-01'], [7, '2026-05-24']])('a weight of %p kg born %s is not marked', (poids, date_naissance) => {
    expect(verifierPlausibilite({ poids, date_naissance }, { maintenant }).aVerifier).toEqual([]);
  });
});

test('what clients send is read', () => {
  expect(verifierPlausibilite({ temperature: '38,5', spo2: 97.5, pouls: ' 80 bpm', frequence_respiratoire: '18/min', poids: '62,5 kg', tension_arterielle: ' 120 / 80 mmHg' }).normalise)
    .toEqual({ temperature: 38.5, spo2: 98, pouls: 80, frequence_respiratoire: 18, poids: 62.5, tension_arterielle: '120/80' });
  expect(verifierPlausibilite({ temperature: '38°5', spo2: '97 %' }).normalise).toEqual({ temperature: 38.5, spo2: 97 });
  expect(verifierPlausibilite({ temperature: '', spo2: 0, pouls: '0', frequence_respiratoire: 0, poids: null, tension_arterielle: ' ' })).toEqual({
    refus: [], aVerifier: [], normalise: { temperature: null, spo2: null, pouls: null, frequence_respiratoire: null, poids: null, tension_arterielle: null },
  });
  expect(verifierPlausibilite({}).normalise).toEqual({});
});
