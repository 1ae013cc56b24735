import type { EcrireTable } from './colonne.ts';

/** One JSON array (RFC 8259) of an object a row, a row a line. */
export const ecrireJson: EcrireTable = async function* (colonnes, lots) {
  let avant = '[\n';
  for await (const lot of lots) {
    if (lot.length === 0) continue;
    const lignes = lot.map((ligne) => JSON.stringify(Object.fromEntries(colonnes.map(({ nom }, i) => [nom, ligne[i] ?? null]))));
    yield Buffer.from(avant + lignes.join(',\n'));
    avant = ',\n';
  }
  yield Buffer.from(avant === '[\n' ? '[]\n' : '\n]\n');
};
