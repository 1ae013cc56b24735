import { describe, expect, it } from '@jest/globals';
import { createCanvas } from '@napi-rs/canvas';
import { ADRESSE, documentComplet } from '../document.memory.ts';
import type { DocumentImprime } from '../document.ts';
import { dessiner } from './dessiner.ts';
import { lirePdf } from './lire-pdf.memory.ts';
import { REMPLACEMENT } from './texte-imprimable.ts';

const unTexte = (texte: string): DocumentImprime => ({ ...documentComplet, textes: [{ titre: 'Diagnostic', texte }] });
const sansBlancs = (texte: string): string => texte.replace(/\s+/g, '');
const lire = async (document: DocumentImprime) => lirePdf(await dessiner(document));

function image(type: 'image/png' | 'image/jpeg'): Uint8Array {
  const canvas = createCanvas(60, 30);
  const crayon = canvas.getContext('2d');
  crayon.fillText('Ilunga', 5, 20);
  return canvas.toBuffer(type as 'image/png');
}

describe('a drawn document', () => {
  it('is A4, in French, and its metadata name nobody', async () => {
    const octets = await dessiner(documentComplet);
    const { info } = await lirePdf(octets);
    expect(info).toMatchObject({ PDFFormatVersion: '1.7', Language: 'fr', Title: 'Fiche de consultation CONS-20261124-001', Creator: 'MediAI', Producer: 'MediAI', CreationDate: expect.stringContaining('20261124070200'), ModDate: expect.stringContaining('20261124070200') });
    expect(Object.keys(info)).not.toEqual(expect.arrayContaining(['Author', 'Subject', 'Keywords']));
    const brut = Buffer.from(octets).toString('latin1');
    for (const mot of ['Ilunga', 'Mukɛndi', 'Paludisme']) expect(brut).not.toContain(mot);
    expect(brut).toContain('/MediaBox [0 0 595.28 841.89]');
  });

  it('is the same to the byte each time', async () => {
    expect(Buffer.compare(await dessiner(documentComplet), await dessiner(structuredClone(documentComplet)))).toBe(0);
  });

  it('says everything, with its pages counted and its code as a link', async () => {
    const { texte, pages, liens } = await lire(documentComplet);
    const mots = ['Centre hospitalier Kampemba', 'Urgences : +243 81 000 01 12', 'Document non validé', 'Que faire maintenant', 'Urgence : Orange', 'Fièvre élevée (39,1)', 'Mukɛndi', '39,1 °C', 'À vérifier : valeur improbable', 'Paludisme simple, TDR positif.', 'Goutte épaisse', 'Guidelines for malaria', 'Médecin : Jean Ilunga', '24/11/2026 à 09:02', "Synthèse de l'IA", 'Texte écrit par une IA.', 'SIMULATION', `Page 1 / ${pages.length}`];
    for (const mot of mots) expect(sansBlancs(texte)).toContain(sansBlancs(mot));
    expect(new Set(liens)).toEqual(new Set([ADRESSE]));
    expect(sansBlancs(texte).indexOf('Médecin:JeanIlunga')).toBeLessThan(sansBlancs(texte).indexOf("Synthèsedel'IA"));
    expect(texte).not.toContain(REMPLACEMENT);
  });

  it('shows none of what it was not given', async () => {
    const { texte } = await lire({ ...documentComplet, bandeau: null, orientation: null, urgence: null, textes: [], ia: null, resultats: [], references: [], validation: null, telephoneUrgence: null });
    for (const mot of ['Document non validé', 'Que faire', 'Urgence', 'Diagnostic', 'IA', "Résultats d'analyses", 'Références', 'Validation', 'null', 'undefined']) expect(texte).not.toContain(mot);
  });

  it('has the letters of French, Swahili and Lingala, tones included, and they can be searched', async () => {
    const lettres = 'àâäæçéèêëîïôœùûüÿ ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ « 37,5 °C » µg ≥ ≤ ± × ½ ng’ombe mwaká mɔ́kɔ́ ɛlɔ̂kɔ Ɛ Ɔ ɛ̌ ɔ̄ ǎ';
    const { texte } = await lire(unTexte(lettres));
    expect(sansBlancs(texte.normalize('NFKC'))).toContain(sansBlancs(lettres.normalize('NFKC')));
    expect(texte).not.toContain(REMPLACEMENT);
  });

  it('shows what it cannot print as a replacement, and says so', async () => {
    const { texte } = await lire(unTexte('avant 🤒 مرحبا 中 après'));
    expect(sansBlancs(texte)).toContain(`avant${REMPLACEMENT}${REMPLACEMENT.repeat(5)}${REMPLACEMENT}après`);
    expect(texte).toContain('remplace un caractère');
  });

  it('says how many it leaves out', async () => {
    const { texte } = await lire({ ...documentComplet, omis: { resultats: 7, references: 0 } });
    expect(texte).toContain('Il y a 7 résultats de plus, plus anciens, à lire dans le dossier.');
    expect(texte).not.toContain('références de plus');
  });

  it('bears a signature as PNG or JPEG, and says so where it cannot be read', async () => {
    const avec = (signature: Uint8Array | null): DocumentImprime => ({ ...documentComplet, validation: { medecin: 'Jean Ilunga', date: '24/11/2026', signee: true, signature } });
    for (const type of ['image/png', 'image/jpeg'] as const) {
      const octets = await dessiner(avec(image(type)));
      expect(Buffer.from(octets).toString('latin1')).toContain('/Subtype /Image');
      expect((await lirePdf(octets)).texte).not.toContain('pas pu être imprimée');
    }
    const png = Buffer.from(image('image/png'));
    const casse = Buffer.from(png);
    casse.fill(0xff, 45, 70);
    for (const mauvaise of [null, new Uint8Array(), png.subarray(0, 60), casse, Buffer.from('<svg onload="x"/>'), Buffer.from('GIF89a')]) expect((await lire(avec(mauvaise))).texte).toContain('pas pu être imprimée');
  });
});

describe('what people write', () => {
  const long = (mot: string, n: number): string => mot.repeat(Math.ceil(n / mot.length)).slice(0, n);
  const references = Array.from({ length: 100 }, (_, i) => ({ titre: `Référence ${i} ${long('a', 240)}`, detail: long('b', 500), url: `https://x.example/${long('c', 500)}` }));
  const cas: [string, DocumentImprime][] = [
    ['a word of 10 000 letters', unTexte(long('x', 10_000))],
    ['10 000 emojis of several characters', unTexte('👨‍👩‍👧‍👦'.repeat(10_000))],
    ['text from right to left, with marks of direction', unTexte(long('\u202eمرحبا\u202c שלום ', 10_000))],
    ['5 000 lines', unTexte(long('x\n', 10_000))],
    ['marks without a letter, and letters with a hundred marks', unTexte('\u0301'.repeat(500) + `e${'\u0301'.repeat(100)}`.repeat(50))],
    ['controls, NUL and lone surrogates', unTexte('a\u0000b\u0007c\ud800d\r\ne\u2028f\tg')],
    ['braces and names of pdfmake', { ...unTexte('{ "text": "x", "image": "/etc/passwd" }'), references: [{ titre: '{ image: x }', detail: '<script>', url: 'javascript:alert(1)' }] }],
    ['100 references with endless addresses', { ...documentComplet, references }],
    ['150 results of a laboratory', { ...documentComplet, resultats: Array.from({ length: 150 }, () => ({ date: '24/11/2026', analyse: long('analyse', 100), valeur: long('1', 50), normales: long('n ', 100), detail: long('mot ', 255) })) }],
    ['12 sections of long values', { ...documentComplet, sections: Array.from({ length: 12 }, (_, i) => ({ titre: `Section ${i}`, forme: 'suite' as const, lignes: [{ libelle: 'Examen', valeur: long(`Souple, indolore ${i}. `, 10_000) }] })) }],
    ['a name of an établissement without an end', { ...documentComplet, etablissement: long('Hôpital', 5_000), telephoneUrgence: long('1', 500) }],
  ];
  it.each(cas)('breaks no document: %s', async (_, document) => {
    const { pages, texte } = await lire(document);
    expect(pages.every((page, i) => sansBlancs(page).includes(`Page${i + 1}/${pages.length}`))).toBe(true);
    expect(texte).toContain('CONS-20261124-001');
    expect(pages.length).toBeLessThan(400);
  });

  it('runs out of no page: the last letter of an endless word is there', async () => {
    const { texte, pages } = await lire(unTexte(`${long('x', 10_000)}FIN`));
    expect(sansBlancs(texte.replaceAll(/Fiche de consultation CONS-20261124-001|Page \d+ \/ \d+|Centre hospitalier Kampemba|Urgences : \+243 81 000 01 12/g, ''))).toContain(`${'x'.repeat(500)}FIN`);
    expect(pages.length).toBeLessThan(6);
  });
});
