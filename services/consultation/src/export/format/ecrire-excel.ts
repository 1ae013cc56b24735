import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { cellule, nomColonne } from './cellule-excel.ts';
import type { Colonne, EcrireTable, Lots, Valeur } from './colonne.ts';
import { cheminFeuille, partsExcel, PIED_FEUILLE, TETE_FEUILLE } from './parts-excel.ts';

/** Rows of a sheet, its heading included, that Excel reads. */
const LIGNES_MAX = 1_048_576;
/** Rows that are written together. */
const PAQUET = 500;

type Lignes = AsyncGenerator<readonly Valeur[], undefined, undefined>;

/**
 * Writes an Excel workbook (ECMA-376) as its rows come: texts inline and neutralised, as many sheets as are needed.
 * @param lignesMax rows of a sheet, its heading included
 */
export const createEcrireExcel = (lignesMax: number = LIGNES_MAX): EcrireTable =>
  async function* (colonnes, lots, total) {
    const parFeuille = lignesMax - 1;
    const feuilles = Math.max(1, Math.ceil(total / parFeuille));
    const lignes = uneParUne(lots);
    const zip = new ZipFile();
    const sortie = zip.outputStream as Readable;
    for (const [chemin, xml] of partsExcel(feuilles)) zip.addBuffer(Buffer.from(xml), chemin);
    for (let rang = 1; rang <= feuilles; rang++) {
      const combien = rang === feuilles ? Infinity : parFeuille;
      zip.addReadStreamLazy(cheminFeuille(rang), (pret) => {
        const source = Readable.from(feuille(colonnes, lignes, combien), { objectMode: false });
        pret(null, source.on('error', (error) => sortie.destroy(error)));
      });
    }
    zip.end();
    try {
      yield* sortie as AsyncIterable<Uint8Array>;
    } finally {
      sortie.destroy();
      await lignes.return(undefined);
    }
  };

async function* uneParUne(lots: Lots): Lignes {
  for await (const lot of lots) yield* lot;
  return undefined;
}

async function* feuille(colonnes: readonly Colonne[], lignes: Lignes, combien: number): AsyncGenerator<Buffer> {
  const lettres = colonnes.map((_, i) => nomColonne(i));
  const rangee = (rang: number, valeurs: readonly Valeur[], types: readonly Pick<Colonne, 'type'>[]): string =>
    `<row r="${rang}">${types.map((colonne, i) => cellule(colonne, valeurs[i] ?? null, `${lettres[i]}${rang}`)).join('')}</row>`;
  let rang = 1;
  let paquet = TETE_FEUILLE + rangee(rang, colonnes.map(({ nom }) => nom), colonnes.map(() => ({ type: 'string' })));
  while (rang <= combien) {
    const { value, done } = await lignes.next();
    if (done) break;
    paquet += rangee(++rang, value, colonnes);
    if (rang % PAQUET !== 0) continue;
    yield Buffer.from(paquet);
    paquet = '';
  }
  yield Buffer.from(paquet + PIED_FEUILLE);
}
