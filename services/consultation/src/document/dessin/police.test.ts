import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { completerPolice } from './police.ts';

const dossier = join(createRequire(import.meta.url).resolve('pdfmake/package.json'), '../fonts/Roboto');
const lire = (style: string): Buffer => readFileSync(join(dossier, `Roboto-${style}.ttf`));

describe.each(['Regular', 'Medium', 'Italic', 'MediumItalic'])('Roboto %s', (style) => {
  let avant: Buffer;
  beforeAll(() => {
    avant = lire(style);
  });

  it('has the letters of French, Swahili and Lingala, and the tones of both open letters', () => {
    const { caracteres } = completerPolice(avant);
    const manquants = [..."abcdefghijklmnopqrstuvwxyzÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸàâæçéèêëîïôœùûüÿɛƐɔƆ\u0301\u0300\u0302\u030C\u0304’«»—–…°µ≥≤±×½€•"].filter((lettre) => !caracteres.has(lettre.codePointAt(0)!));
    expect(manquants).toEqual([]);
  });

  it('adds four letters and three marks, and takes none away', () => {
    const { octets, caracteres } = completerPolice(avant);
    expect(caracteres.size).toBeGreaterThan(900);
    expect(octets.length).toBeGreaterThan(avant.length);
    expect(() => completerPolice(octets)).toThrow('format 4'); // its table is of format 12 now: what it is given is Roboto's own
  });
});

it('is made of a TrueType font with a table of characters, and says so of anything else', () => {
  expect(() => completerPolice(Buffer.alloc(12))).toThrow('the font has no table cmap');
  expect(() => completerPolice(Buffer.from('not a font at all, only words'))).toThrow();
});
