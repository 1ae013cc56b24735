import { describe, expect, it, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { readSheet } from 'read-excel-file/node';
import { cellule, enXml, nomColonne } from './cellule-excel.ts';
import type { Colonne, EcrireTable, Valeur } from './colonne.ts';
import { createEcrireExcel } from './ecrire-excel.ts';
import { FORMATS } from './formats.ts';
import { neutraliser } from './neutraliser.ts';

const colonnes: Colonne[] = [
  { nom: 'id', type: 'int' }, { nom: 'nom', type: 'string' }, { nom: 'temperature', type: 'float' }, { nom: 'hypertendu', type: 'bool' }, { nom: 'date_consultation', type: 'date' }, { nom: 'created_at', type: 'timestamp' },
];
const instant = new Date('2026-11-24T08:15:30.120Z');
const lignes: Valeur[][] = [
  [1, 'Kabila "Ntumba", É\nligne 2', 38.5, true, '2026-11-24', instant],
  [2, '=HYPERLINK("http://x")', -3.2, false, '1890-02-01', instant],
  [-3, '+243970000001', null, null, null, null],
  [4, '<b>&_x0041_\u0001 عربي 😀</b>', 0, true, '1990-04-12', instant],
];
const parLots = async function* (toutes: Valeur[][], taille = 3) {
  for (let i = 0; i < toutes.length; i += taille) yield toutes.slice(i, i + taille);
};
async function ecrit(ecrire: EcrireTable, toutes = lignes): Promise<Buffer> {
  const morceaux: Uint8Array[] = [];
  for await (const morceau of ecrire(colonnes, parLots(toutes), toutes.length)) morceaux.push(morceau);
  return Buffer.concat(morceaux);
}
const noms = colonnes.map(({ nom }) => nom);
const objets = lignes.map((ligne) => Object.fromEntries(noms.map((nom, i) => [nom, ligne[i]])));

test.each([
  ['=1+1', true], ['+243970000001', true], ['-2', true], ['@SUM(A1)', true], ['\tx', true], ['\rx', true], ['\nx', true], ['  =1', true], ['"=1', true], ["' =1", true], ['\u200b=1', true],
  ['\ufeff@x', true], ['＝1', true], ['＋1', true], ['|cmd', true], ['%0A=1', true], ['Kabila', false], ['38,5 de fièvre', false], ["l'an 2 - fièvre", false], ['', false], ['a=1', false], ['(-)', false],
])('%j can%s be taken for a formula', (texte, formule) => {
  expect(neutraliser(texte)).toBe(formule ? `'${texte}` : texte);
});

describe('what is written is read back', () => {
  it('as CSV, with its byte order mark, formulas neutralised, numbers as they are', async () => {
    const octets = await ecrit(FORMATS.csv.ecrire);
    expect(octets.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(octets.toString().split('\r\n').length).toBe(lignes.length + 2);
    const lus = parse(octets, { bom: true, columns: true }) as Record<string, string>[];
    const enCsv = (valeur: Valeur | undefined): string => (valeur === null || valeur === undefined ? '' : typeof valeur === 'string' ? neutraliser(valeur) : valeur instanceof Date ? valeur.toISOString() : String(valeur));
    expect(lus).toEqual(lignes.map((ligne) => Object.fromEntries(noms.map((nom, i) => [nom, enCsv(ligne[i])]))));
    expect(lus[1]).toMatchObject({ nom: `'=HYPERLINK("http://x")`, temperature: '-3.2' });
  });

  it('as JSON, as it was typed', async () => {
    expect(JSON.parse((await ecrit(FORMATS.json.ecrire)).toString())).toEqual(JSON.parse(JSON.stringify(objets)));
  });

  it('as Parquet, typed, as it was typed', async () => {
    const octets = await ecrit(FORMATS.parquet.ecrire);
    const lus = await parquetReadObjects({ file: octets.buffer.slice(octets.byteOffset, octets.byteOffset + octets.length) as ArrayBuffer });
    expect(lus).toEqual(objets.map((objet) => ({ ...objet, date_consultation: objet['date_consultation'] ? new Date(`${String(objet['date_consultation'])}T00:00:00Z`) : null })));
  });

  it('as Excel, formulas neutralised, days as days', async () => {
    const [entetes, ...lues] = await readSheet(await ecrit(FORMATS.excel.ecrire));
    expect(entetes).toEqual(noms);
    const jour = (texte: string) => new Date(`${texte}T00:00:00Z`);
    expect(lues).toEqual([
      [1, 'Kabila "Ntumba", É\nligne 2', 38.5, true, jour('2026-11-24'), instant.toISOString()],
      [2, `'=HYPERLINK("http://x")`, -3.2, false, '1890-02-01', instant.toISOString()],
      [-3, "'+243970000001", null, null, null, null],
      [4, '<b>&_x0041_\u0001 عربي 😀</b>', 0, true, jour('1990-04-12'), instant.toISOString()],
    ]);
  });

  test.each(['csv', 'json', 'excel', 'parquet'] as const)('an empty %s is a whole file', async (format) => {
    expect((await ecrit(FORMATS[format].ecrire, [])).length).toBeGreaterThan(2);
  });
});

describe('an Excel workbook', () => {
  it('goes on in another sheet where one is full', async () => {
    const beaucoup = Array.from({ length: 10 }, (_, i): Valeur[] => [i, `n${i}`, null, null, null, null]);
    const octets = await ecrit(createEcrireExcel(5), beaucoup);
    const lues = (await Promise.all([1, 2, 3].map((rang) => readSheet(octets, rang)))).flatMap(([, ...feuille]) => feuille);
    expect(lues.map(([id]) => id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('names its columns beyond Z', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(nomColonne)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
  });

  it('holds no character that XML cannot hold, and no cell longer than Excel reads', () => {
    expect(enXml('a\0b\ud800c')).toBe('a_x0000_b\ufffdc');
    expect(cellule({ type: 'string' }, 'x'.repeat(40_000), 'A1').length).toBeLessThan(33_000);
  });

  it('hands an error of its source on', async () => {
    const rompu = async function* () {
      yield [lignes[0] ?? []];
      throw new Error('cut');
    };
    await expect(async () => {
      for await (const _ of createEcrireExcel()(colonnes, rompu(), 2)) continue;
    }).rejects.toThrow('cut');
  });
});
