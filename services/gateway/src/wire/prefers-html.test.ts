import { expect, it } from '@jest/globals';
import { prefersHtml } from './prefers-html.ts';

it.each([
  [undefined, false],
  ['', false],
  ['*/*', false],
  ['application/json', false],
  ['application/json, text/plain, */*', false],
  ['text/html', true],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  ['TEXT/HTML;q=0.9, application/json;q=0.8', true],
  ['text/html;q=0.5, application/json', false],
  ['text/*, application/json;q=0.1', true],
  ['text/html;q=0', false],
  ['text/html;q=abc', false],
  [`text/html,${'x'.repeat(2_000)}`, false],
])('Accept: %s', (accept, html) => {
  expect(prefersHtml(accept)).toBe(html);
});
