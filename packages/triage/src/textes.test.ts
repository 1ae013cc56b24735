import { expect, test } from '@jest/globals';
import { urgencePlusHaute } from './modele.ts';
import { calculerNews2 } from './news2.ts';
import { TEXTES, orientation } from './textes.ts';

test('each class has a fixed text, with and without an emergency number', () => {
  for (const urgence of ['rouge', 'orange', 'jaune', 'vert'] as const) {
    expect(orientation(urgence, { telephoneUrgence: '+243 99 000 00 00' })).toContain('+243 99 000 00 00');
    expect(orientation(urgence)).not.toMatch(/[[\]{}]|telephone/);
    expect(orientation(urgence, { code: 'convulsions' })).toBe(orientation(urgence));
    expect(TEXTES[urgence].length).toBeLessThan(300);
  }
  expect(orientation('rouge', { telephoneUrgence: '  ' })).toBe(orientation('rouge'));
});

test('the more urgent of two', () => {
  expect([urgencePlusHaute('vert', 'jaune'), urgencePlusHaute('rouge', 'orange'), urgencePlusHaute('orange', 'orange')]).toEqual(['jaune', 'rouge', 'orange']);
});

test.each([
  [{ fr: 8, spo2: 91, tas: 90, pouls: 40, temperature: 35 }, 15], [{ fr: 9, spo2: 92, tas: 91, pouls: 41, temperature: 35.1 }, 7], [{ fr: 12, spo2: 96, tas: 111, pouls: 51, temperature: 36.1 }, 0], [{ fr: 20, spo2: 94, tas: 219, pouls: 90, temperature: 38 }, 1],
  [{ fr: 21, spo2: 100, tas: 101, pouls: 91, temperature: 38.1 }, 5], [{ fr: 24, spo2: 98, tas: 110, pouls: 110, temperature: 39 }, 5], [{ fr: 25, spo2: 98, tas: 220, pouls: 131, temperature: 39.1 }, 11], [{ fr: 16, spo2: 98, tas: 120, pouls: 111, temperature: 37 }, 2],
])('NEWS2 chart 1: %j is %i', (mesures, score) => {
  expect(calculerNews2(mesures, { conscienceAlteree: false, conscienceNormale: false, oxygene: false })?.score).toBe(score);
});

test('NEWS2 reads consciousness and oxygen from the text, and says what lacks', () => {
  const vide = { fr: null, spo2: null, tas: null, pouls: null, temperature: null };
  expect(calculerNews2(vide, { conscienceAlteree: true, conscienceNormale: false, oxygene: false })).toBeNull();
  expect(calculerNews2({ ...vide, pouls: 80 }, { conscienceAlteree: true, conscienceNormale: false, oxygene: true })).toMatchObject({ score: 5, points3: true, au_moins: true, manquants: ['frequence_respiratoire', 'spo2', 'tension_arterielle', 'temperature'] });
});
