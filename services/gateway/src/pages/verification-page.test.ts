import { expect, it } from '@jest/globals';
import { renderVerification } from './verification-page.ts';

it.each([['authentique', 'Document authentique'], ['revoque', 'Document révoqué'], ['inconnu', 'Code inconnu']] as const)('%s is said by a heading, and the title of the page', (statut, titre) => {
  const page = renderVerification({ statut });
  expect(page).toContain(`<h1>${titre}</h1>`);
  expect(page).toContain(`<title>${titre} — MediAI</title>`);
  expect(page).not.toContain('Émis le');
});

it('tells the day in Lubumbashi, whatever the zone of the machine', () => {
  expect(renderVerification({ statut: 'revoque', emisLe: new Date('2026-12-31T22:30:00Z') })).toContain('1 janvier 2027 à 00:30');
});
