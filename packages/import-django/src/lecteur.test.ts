import { describe, expect, test } from '@jest/globals';
import { createDoublons } from './doublons.ts';
import { createLecteur, lireHeure, lireInstant, lireJour, sansHtml } from './lecteur.ts';

test.each([
  ['2026-03-02 08:15:42.123456+00', '2026-03-02T08:15:42.123Z'], ['2026-03-02 08:15:42+00', '2026-03-02T08:15:42.000Z'], ['0001-01-01 00:00:00+00', undefined], ['9999-12-31 23:59:59+00', undefined],
  ['infinity', undefined], ['-infinity', undefined], ['0044-03-15 00:00:00+00 BC', undefined], ['12026-03-02 08:00:00+00', undefined], ['2026-03-02 08:15:42+02', undefined], [null, undefined],
])('the instant %j', (text, expected) => {
  expect(lireInstant(text)?.toISOString()).toBe(expected);
});

test.each([['2026-03-02', '2026-03-02'], ['0001-01-01', null], ['9999-12-31', null], ['infinity', null], [null, null]])('the day %j', (text, expected) => {
  expect(lireJour(text)).toBe(expected);
});

test.each([['10:15:42.12', '10:15:42'], ['24:00:00', null], [null, null]])('the time %j', (text, expected) => {
  expect(lireHeure(text)).toBe(expected);
});

test('what a model wrote holds no HTML', () => {
  expect(sansHtml('<img src=x onerror=alert(1)> & co')).toBe('&lt;img src=x onerror=alert(1)&gt; &amp; co');
});

describe('a row', () => {
  const read = (values: object) => createLecteur('t', { id: 7, ...values });
  const faults = (lecteur: ReturnType<typeof read>): string[] => lecteur.jugement(() => 1).ecarts.map(({ colonne, effet }) => `${colonne} ${effet}`);

  test('gives its texts within their bounds, counted in characters', () => {
    const lecteur = read({ a: ' ', b: '😷😷😷', c: 'ok', d: 'a\0b', e: '\ud800' });
    expect([lecteur.texte('a'), lecteur.texte('b', 2), lecteur.texte('c', 2), lecteur.texte('d'), lecteur.texte('e'), lecteur.texte('absent')]).toEqual([null, '😷😷', 'ok', null, null, null]);
    expect(faults(lecteur)).toEqual(['b colonne', 'd colonne', 'e colonne']);
  });

  test('refers only to what is there', () => {
    const lecteur = read({ a: 3, b: 4, c: null, d: 5_000_000_000 });
    expect([lecteur.reference('a', (id) => id === 3), lecteur.reference('b', (id) => id === 3), lecteur.reference('c', () => true), lecteur.reference('d', () => true)]).toEqual([3, null, null, null]);
    expect(faults(lecteur)).toEqual(['b colonne', 'd colonne']);
  });

  test('that is left out is not built', () => {
    const lecteur = read({});
    lecteur.ecarter('role', 'x');
    expect(lecteur.jugement(() => { throw new Error('built'); })).toMatchObject({ id: 7, nouvelle: null });
  });
});

test('of rows that share a key the first has it, in any number', () => {
  const doublons = createDoublons();
  const cles = Array.from({ length: 60_000 }, (_, at) => `cle-${at}`);
  for (const cle of [...cles, 'cle-7', 'cle-9', 'cle-7']) doublons.remember(cle);
  expect(cles.filter((cle, at) => !doublons.claim(cle, at))).toEqual([]);
  expect([doublons.claim('cle-7', 60_000), doublons.claim('cle-9', 60_001), doublons.claim('cle-7', 7)]).toEqual([false, false, true]);
});
