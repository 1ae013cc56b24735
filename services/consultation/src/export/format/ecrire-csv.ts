import { stringify } from 'csv-stringify/sync';
import { enTexte, type EcrireTable, type Valeur } from './colonne.ts';
import { neutraliser } from './neutraliser.ts';

/** By which Excel knows UTF-8. */
const BOM = '\ufeff';
const OPTIONS = { record_delimiter: '\r\n' as const };

const cellule = (valeur: Valeur): string => (typeof valeur === 'string' ? neutraliser(valeur) : enTexte(valeur));

/** CSV (RFC 4180) in UTF-8 with a byte order mark; texts that a spreadsheet could take for formulas are neutralised. */
export const ecrireCsv: EcrireTable = async function* (colonnes, lots) {
  yield Buffer.from(BOM + stringify([colonnes.map(({ nom }) => nom)], OPTIONS));
  for await (const lot of lots) yield Buffer.from(stringify(lot.map((ligne) => ligne.map(cellule)), OPTIONS));
};
