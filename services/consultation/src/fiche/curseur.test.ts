import { expect, it } from '@jest/globals';
import { ecrireCurseur, lireCurseur, ORDRES_FICHES } from './curseur.ts';

const fiche = { id: 41, created_at: new Date('2026-11-24T06:15:30.123Z'), urgence: 'orange' } as const;

it.each(ORDRES_FICHES)('a place in the order %s is read as it was written', (ordre) => {
  const texte = ecrireCurseur(ordre, fiche);
  expect(texte).toMatch(/^[\w-]+$/);
  expect(lireCurseur(texte, ordre)).toEqual({ ordre, rang: 2, created_at: fiche.created_at, id: 41 });
  expect(lireCurseur(texte, undefined).ordre).toBe(ordre);
});

it('a cursor belongs to its order', () => {
  expect(() => lireCurseur(ecrireCurseur('-created_at', fiche), 'created_at')).toThrow(expect.objectContaining({ kind: 'invalid', code: 'pagination.curseur_invalide' }));
});

const enBase64 = (valeur: unknown): string => Buffer.from(JSON.stringify(valeur)).toString('base64url');

it.each([
  '', 'x', '{}', 'null', enBase64(null), enBase64([]), enBase64(['created_at', 2, 0]), enBase64(['nom', 2, 0, 1]), enBase64(['created_at', 9, 0, 1]), enBase64(['created_at', 2, 'hier', 1]),
  enBase64(['created_at', 2, 9e15, 1]), enBase64(['created_at', 2, -9e14, 1]), enBase64(['created_at', 2, 0, 9_999_999_999]), enBase64(['created_at', 2, 0, '1; DROP TABLE']), enBase64(['created_at', 2, 0, 1.5]), 'A'.repeat(5000),
])('%j is no cursor', (texte) => {
  expect(() => lireCurseur(texte, undefined)).toThrow(expect.objectContaining({ kind: 'invalid', code: 'pagination.curseur_invalide' }));
});
