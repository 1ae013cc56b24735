import { expect, test } from '@jest/globals';
import { ecrirePlace, enPage, lirePlace } from './index.ts';

test.each([1, 41, 2_147_483_647])('the place behind %d is read as it was written', (id) => {
  expect(lirePlace(ecrirePlace(id))).toBe(id);
  expect(ecrirePlace(id)).toMatch(/^[\w-]+$/);
});

test('no cursor is no place', () => {
  expect([lirePlace(undefined), lirePlace('')]).toEqual([undefined, undefined]);
});

const encoded = (text: string): string => Buffer.from(text).toString('base64url');

test.each(['x', '1', encoded('id.0'), encoded('id.-1'), encoded('id.2147483648'), encoded('id.1e3'), encoded('id.1;--'), `${ecrirePlace(7)}=`, ` ${ecrirePlace(7)}`, 'A'.repeat(5000)])('%j is no cursor', (text) => {
  expect(() => lirePlace(text)).toThrow(expect.objectContaining({ kind: 'invalid', code: 'pagination.curseur_invalide' }));
});

test('one row more than the page tells that the list goes on, and where', () => {
  const rows = [{ id: 9 }, { id: 8 }, { id: 5 }];
  expect(enPage(rows, 3)).toEqual({ lues: rows, suite: undefined });
  expect(enPage(rows, 2)).toEqual({ lues: rows.slice(0, 2), suite: ecrirePlace(8) });
  expect(enPage([], 2)).toEqual({ lues: [], suite: undefined });
});
