import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { SchemaElement } from 'hyparquet';
import type { Colonne, EcrireTable, TypeColonne, Valeur } from './colonne.ts';

/** Rows that are encoded together; they and their encoded form are all that is in memory. */
const GROUPE = 10_000;

const TYPES: Record<TypeColonne, Pick<SchemaElement, 'type' | 'converted_type'>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  int: { type: 'INT32' },
  float: { type: 'DOUBLE' },
  bool: { type: 'BOOLEAN' },
  date: { type: 'INT32', converted_type: 'DATE' },
  timestamp: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
};

/** Apache Parquet, Snappy, a row group at a time; texts are as they were typed: nothing evaluates them. */
export const ecrireParquet: EcrireTable = async function* (colonnes, lots) {
  const tampon = new ByteWriter();
  const schema: SchemaElement[] = [{ name: 'fiches', num_children: colonnes.length }, ...colonnes.map(({ nom, type }) => ({ name: nom, repetition_type: 'OPTIONAL' as const, ...TYPES[type] }))];
  const fichier = new ParquetWriter({ writer: tampon, schema, createdBy: 'MediAI' });

  const vider = (): Uint8Array => {
    const octets = tampon.getBytes().slice();
    tampon.index = 0; // `offset`, the place in the file, goes on
    return octets;
  };
  async function groupe(lignes: readonly (readonly Valeur[])[]): Promise<Uint8Array> {
    const columnData = colonnes.map((colonne, i) => ({ name: colonne.nom, data: lignes.map((ligne) => valeurDe(colonne, ligne[i] ?? null)) }));
    await fichier.write({ columnData, rowGroupSize: lignes.length });
    return vider();
  }

  let enAttente: (readonly Valeur[])[] = [];
  for await (const lot of lots) {
    for (const ligne of lot) enAttente.push(ligne);
    if (enAttente.length < GROUPE) continue;
    yield await groupe(enAttente);
    enAttente = [];
  }
  if (enAttente.length > 0) yield await groupe(enAttente);
  await fichier.finish();
  yield vider();
};

const valeurDe = ({ type }: Colonne, valeur: Valeur): Valeur => (type === 'date' && typeof valeur === 'string' ? new Date(`${valeur}T00:00:00Z`) : valeur);
